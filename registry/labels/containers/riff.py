"""RIFF: WebP (an XMP chunk), WAV (a chunk AIGC) and AVI (a chunk AIGC in LIST/INFO)."""

import struct
from collections.abc import Iterator

from registry.labels.containers import xmp
from registry.labels.containers.source import LARGEST_BLOCK, Contents, Damaged, Found, NotWritable, Piece, Source

_XMP_FLAG = 0x04
_ALPHA_FLAG = 0x10
Chunk = tuple[bytes, int, int]  # kind, where its data begin, how many they are


def chunks(source: Source, start: int = 12, end: int | None = None) -> Iterator[Chunk]:
    """Yields the chunks of a form or a list. Raises Damaged if one does not fit in."""
    stop = min(8 + _length(source, 4), source.size) if end is None else end
    place = start
    while place + 8 <= stop:
        source.step()
        kind, length = source.at(place, 4), _length(source, place + 4)
        if place + 8 + length > stop:
            raise Damaged
        yield kind, place + 8, length
        place += 8 + length + length % 2


def _length(source: Source, place: int) -> int:
    return int.from_bytes(source.at(place, 4), "little")


def _text(source: Source, place: int, length: int) -> str:
    return source.at(place, min(length, LARGEST_BLOCK)).rstrip(b"\0").decode("utf-8", "replace")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def read_webp(source: Source) -> Contents:
    """Returns the labels in XMP chunks."""
    labels: list[Found] = []
    c2pa = False
    for kind, place, length in chunks(source):
        c2pa = c2pa or kind == b"C2PA"
        if kind == b"XMP ":
            labels += [Found("webp.xmp", each) for each in xmp.read(source.at(place, length))]
    return Contents(tuple(labels), c2pa)


def read_wav(source: Source) -> Contents:
    """Returns the labels in AIGC chunks."""
    found = list(chunks(source))
    labels = tuple(Found("wav.AIGC", _text(source, place, length)) for kind, place, length in found if kind == b"AIGC")
    return Contents(labels, any(kind == b"C2PA" for kind, _place, _length in found))


def read_avi(source: Source) -> Contents:
    """Returns the labels in LIST/INFO."""
    labels: list[Found] = []
    c2pa = False
    for kind, place, length in chunks(source):
        c2pa = c2pa or kind == b"C2PA"
        if kind == b"LIST" and length >= 4 and source.at(place, 4) == b"INFO":
            inside = chunks(source, place + 4, place + length)
            labels += [Found("avi.LIST/INFO.AIGC", _text(source, at, size)) for each, at, size in inside if each == b"AIGC"]
    return Contents(tuple(labels), c2pa)


def write_wav(source: Source, label: str) -> list[Piece]:
    """Returns the file with a chunk AIGC behind its last chunk."""
    return _appended(source, _chunk(b"AIGC", label.encode()))


def write_avi(source: Source, label: str) -> list[Piece]:
    """Returns the file with a LIST/INFO behind its last chunk, so that no index moves. Raises NotWritable for several RIFFs in one."""
    return _appended(source, _chunk(b"LIST", b"INFO" + _chunk(b"AIGC", label.encode())))


def _appended(source: Source, more: bytes) -> list[Piece]:
    """Whatever follows the form (a second RIFF of OpenDML, a foreign tag) would be moved, and may be pointed at."""
    ends = 8 + _length(source, 4)
    if ends + ends % 2 < source.size or ends > source.size or sum(1 for _chunk in chunks(source)) == 0:
        raise NotWritable
    padding = b"\0" * (source.size % 2)
    return [source.at(0, 4), _size(source.size + len(padding) - 8 + len(more)), range(8, source.size), padding + more]


def _size(length: int) -> bytes:
    if length >= 2**32:
        raise NotWritable
    return length.to_bytes(4, "little")


def write_webp(source: Source, label: str) -> list[Piece]:
    """Returns the file with the label in its XMP chunk, or in a new last one, announced in the extended header."""
    found = list(chunks(source))
    if not found:
        raise NotWritable
    kind, place, length = found[0]
    head = _announcing(source.at(place, 10)) if kind == b"VP8X" and length == 10 else _extended(source, kind, place)
    rest = place + 10 if kind == b"VP8X" else place - 8
    body: list[Piece] = [_chunk(b"VP8X", head)]
    for each, at, size in found:
        if each == b"XMP ":
            after = at + size + size % 2
            packet = xmp.with_label(source.at(at, size), label)
            return _form(source, [*body, range(rest, at - 8), _chunk(b"XMP ", packet), range(min(after, source.size), source.size)])
    end = found[-1][1] + found[-1][2]
    return _form(source, [*body, range(rest, end), b"\0" * (end % 2), _chunk(b"XMP ", xmp.packet(label))])


def _form(source: Source, pieces: list[Piece]) -> list[Piece]:
    return [source.at(0, 4), _size(4 + sum(len(piece) for piece in pieces)), source.at(8, 4), *pieces]


def _announcing(head: bytes) -> bytes:
    return bytes([head[0] | _XMP_FLAG]) + head[1:]


def _extended(source: Source, kind: bytes, place: int) -> bytes:
    """The VP8X header that a simple file lacks; sizes stand in it less one."""
    if kind == b"VP8 " and source.at(place + 3, 3) == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", source.at(place + 6, 4))
        flags, width, height = _XMP_FLAG, (int(width) & 0x3FFF) - 1, (int(height) & 0x3FFF) - 1
    elif kind == b"VP8L" and source.at(place, 1) == b"\x2f":
        bits = int.from_bytes(source.at(place + 1, 4), "little")
        flags, width, height = _XMP_FLAG | (_ALPHA_FLAG if bits >> 28 & 1 else 0), bits & 0x3FFF, bits >> 14 & 0x3FFF
    else:
        raise NotWritable
    if min(width, height) < 0:
        raise NotWritable
    return bytes([flags, 0, 0, 0]) + width.to_bytes(3, "little") + height.to_bytes(3, "little")
