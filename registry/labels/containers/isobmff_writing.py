"""Writing into MP4 and MOV: one key more, sizes above it corrected, chunk offsets moved; no sample is touched."""

import struct
from collections.abc import Iterator

from registry.labels.containers.isobmff import KEY, Box, boxes, inside, keys, meta_body, metas, movie
from registry.labels.containers.source import LARGEST_BLOCK, NotWritable, Piece, Source

TOOL = "ffmpeg"
_PATH = (b"trak", b"mdia", b"minf", b"stbl")
_OFFSETS = {b"stco": 4, b"co64": 8}
_POINTING = (b"saio", b"cmov")  # boxes that hold places in the file which are not moved here
Edit = tuple[int, int, bytes]  # where, how many bytes go, what comes


def write(source: Source, label: str) -> list[Piece]:
    """Returns the file with the label as a key of `moov.udta.meta`. Raises NotWritable, naming ffmpeg, for a fragmented movie."""
    moov = movie(source)
    if moov is None or inside(source, moov, b"mvex"):
        raise NotWritable(TOOL)
    added, parents = _added(source, moov, label)
    grown = sum(len(new) - gone for _place, gone, new in added)
    edits = [*added, *(_grown(source, box, grown) for box in parents)]
    if moov.end < source.size:
        edits += _moved(source, moov, grown)
    return _pieces(source, sorted(edits))


def _added(source: Source, moov: Box, label: str) -> tuple[list[Edit], list[Box]]:
    """Returns the edits that add the label, and the boxes that grow by them."""
    for place, meta in metas(source, moov):
        parts = {box.kind: box for box in boxes(source, meta_body(source, meta), meta.end)}
        if b"keys" in parts and b"ilst" in parts:
            above = [udta for udta in inside(source, moov, b"udta") if udta.start < meta.start < udta.end] if "udta" in place else []
            return _in_lists(source, parts[b"keys"], parts[b"ilst"], label), [moov, *above, meta]
    udtas = inside(source, moov, b"udta")
    if not udtas:
        return [(moov.end, 0, _box(b"udta", _meta(label)))], [moov]
    held = list(boxes(source, udtas[0].body, udtas[0].end))
    behind = next((box.start for box in held if box.kind == b"\0\0\0\0"), held[-1].end if held else udtas[0].body)
    return [(behind, 0, _meta(label))], [moov, udtas[0]]


def _in_lists(source: Source, names: Box, values: Box, label: str) -> list[Edit]:
    number = len(keys(source, names)) + 1
    key, item = _box(b"mdta", KEY), _box(struct.pack(">I", number), _data(label))
    return [
        _grown(source, names, len(key)),
        (names.body + 4, 4, struct.pack(">I", number)),
        (names.end, 0, key),
        _grown(source, values, len(item)),
        (values.end, 0, item),
    ]


def _meta(label: str) -> bytes:
    handler = _box(b"hdlr", bytes(8) + b"mdta" + bytes(13))
    names = _box(b"keys", bytes(4) + struct.pack(">I", 1) + _box(b"mdta", KEY))
    return _box(b"meta", bytes(4) + handler + names + _box(b"ilst", _box(struct.pack(">I", 1), _data(label))))


def _data(label: str) -> bytes:
    return _box(b"data", struct.pack(">II", 1, 0) + label.encode())


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _grown(source: Source, box: Box, by: int) -> Edit:
    length = source.number(box.start, 4)
    if length == 1:
        return box.start + 8, 8, struct.pack(">Q", box.end - box.start + by)
    if length and box.end - box.start + by >= 2**32:
        raise NotWritable(TOOL)
    return box.start, 4, struct.pack(">I", length and length + by)  # a length of 0 says: to the end


def _moved(source: Source, moov: Box, by: int) -> Iterator[Edit]:
    """The samples behind the movie box begin later now."""
    for table in _tables(source, moov):
        if table.kind in _POINTING:
            raise NotWritable(TOOL)
        width, count = _OFFSETS[table.kind], source.number(table.body + 4, 4)
        if count * width > min(table.end - table.body - 8, LARGEST_BLOCK):
            raise NotWritable(TOOL)
        layout = f">{count}{'I' if width == 4 else 'Q'}"
        offsets = struct.unpack(layout, source.at(table.body + 8, count * width))
        moved = [offset + by if offset >= moov.end else offset for offset in offsets]
        if max(moved, default=0) >= 2 ** (8 * width):
            raise NotWritable(TOOL)
        yield table.body + 8, count * width, struct.pack(layout, *moved)


def _tables(source: Source, moov: Box) -> Iterator[Box]:
    found = [moov]
    for kind in _PATH:
        found = [each for box in found for each in inside(source, box, kind)]
    yield from inside(source, moov, b"cmov")
    for table in found:
        yield from (box for box in boxes(source, table.body, table.end) if box.kind in _OFFSETS or box.kind in _POINTING)


def _pieces(source: Source, edits: list[Edit]) -> list[Piece]:
    pieces: list[Piece] = []
    done = 0
    for place, gone, new in edits:
        if place < done:
            raise NotWritable(TOOL)  # boxes that overlap: not a file that we made sense of
        pieces += [range(done, place), new]
        done = place + gone
    return [*pieces, range(done, source.size)]
