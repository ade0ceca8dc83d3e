"""PNG: XMP in an iTXt chunk; a text chunk with the keyword AIGC is read too."""

import zlib
from collections.abc import Iterator

from registry.labels.containers import xmp
from registry.labels.containers.source import LARGEST_BLOCK, Contents, Damaged, Found, NotWritable, Piece, Source

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP, _AIGC = b"XML:com.adobe.xmp", b"AIGC"
_TEXTS = (b"iTXt", b"tEXt", b"zTXt")
Chunk = tuple[bytes, int, int]  # kind, where its data begin, how many they are


def chunks(source: Source) -> Iterator[Chunk]:
    """Yields every chunk up to IEND. Raises Damaged if the file ends before."""
    place = len(SIGNATURE)
    while True:
        source.step()
        length, kind = source.number(place, 4), source.at(place + 4, 4)
        if place + 12 + length > source.size:
            raise Damaged
        yield kind, place + 8, length
        if kind == b"IEND":
            return
        place += 12 + length


def read(source: Source) -> Contents:
    """Returns the labels in text chunks."""
    labels: list[Found] = []
    c2pa = False
    for kind, place, length in chunks(source):
        c2pa = c2pa or kind == b"caBX"
        if kind in _TEXTS:
            labels += _labels(kind, source, place, length)
    return Contents(tuple(labels), c2pa)


def _labels(kind: bytes, source: Source, place: int, length: int) -> list[Found]:
    keyword = source.at(place, min(length, 80)).partition(b"\0")[0]
    if keyword not in (_XMP, _AIGC):
        return []
    text = _text(kind, source.at(place, min(length, LARGEST_BLOCK)))
    if keyword == _XMP:
        return [Found(f"png.{kind.decode()}.xmp", each) for each in xmp.read(text)]
    return [Found(f"png.{kind.decode()}", text.decode("utf-8", "replace"))]


def _text(kind: bytes, data: bytes) -> bytes:
    keyword_and_rest = data.split(b"\0", 1)
    if len(keyword_and_rest) < 2:
        raise Damaged
    rest = keyword_and_rest[1]
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return xmp.unpacked(rest[1:])
    parts = rest[2:].split(b"\0", 2)  # language, translated keyword, text
    if len(parts) < 3:
        raise Damaged
    return xmp.unpacked(parts[2]) if rest[:1] == b"\1" else parts[2]


def write(source: Source, label: str) -> list[Piece]:
    """Returns the file with the label in its XMP packet, or in a new one behind the header."""
    head_ends = 0
    for kind, place, length in chunks(source):
        if kind == b"IHDR":
            head_ends = place + length + 4
        if kind in _TEXTS and source.at(place, min(length, 18)) == _XMP + b"\0":
            packet = xmp.with_label(_text(kind, source.at(place, length)), label)
            return [range(place - 8), _chunk(packet), range(place + length + 4, source.size)]
    if not head_ends:
        raise NotWritable
    return [range(head_ends), _chunk(xmp.packet(label)), range(head_ends, source.size)]


def _chunk(packet: bytes) -> bytes:
    data = _XMP + b"\0\0\0\0\0" + packet
    return len(data).to_bytes(4, "big") + b"iTXt" + data + zlib.crc32(b"iTXt" + data).to_bytes(4, "big")
