"""MP4 and MOV: the key AIGC in the movie's metadata (`moov.udta.meta`: keys and ilst), and the older ways that are read too."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.labels.containers import xmp
from registry.labels.containers.source import LARGEST_BLOCK, Contents, Damaged, Found, Source

KEY = b"AIGC"
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its kind, where it begins, where its content begins and where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


def boxes(source: Source, start: int, end: int) -> Iterator[Box]:
    """Yields the boxes of a stretch. Raises Damaged if one does not fit in. Four zero bytes end a list, as QuickTime writes them."""
    place = start
    while place + 8 <= end:
        source.step()
        length, kind, body = source.number(place, 4), source.at(place + 4, 4), place + 8
        if length == 1:
            length, body = source.number(place + 8, 8), place + 16
        elif length == 0:
            length = end - place
        if place + length < body or place + length > end:
            raise Damaged
        yield Box(kind, place, body, place + length)
        place += length


def inside(source: Source, box: Box, kind: bytes) -> list[Box]:
    """Returns the boxes of one kind that a box holds."""
    return [each for each in boxes(source, box.body, box.end) if each.kind == kind]


def movie(source: Source) -> Box | None:
    """Returns the `moov` box, if there is one."""
    return next((box for box in boxes(source, 0, source.size) if box.kind == b"moov"), None)


def meta_body(source: Source, meta: Box) -> int:
    """Returns where the boxes of a `meta` box begin: QuickTime's has no version and flags, ISO's has."""
    return meta.body if source.at(meta.body + 4, 4) == b"hdlr" else meta.body + 4


def metas(source: Source, moov: Box) -> list[tuple[str, Box]]:
    """Returns the movie's metadata boxes, in either place."""
    user = [meta for udta in inside(source, moov, b"udta") for meta in inside(source, udta, b"meta")]
    return [("moov.udta.meta", each) for each in user] + [("moov.meta", each) for each in inside(source, moov, b"meta")]


def keys(source: Source, box: Box) -> list[tuple[bytes, bytes]]:
    """Returns namespace and name of each key of a `keys` box."""
    count, place = source.number(box.body + 4, 4), box.body + 8
    found = []
    for _number in range(count):
        source.step()
        length = source.number(place, 4)
        if length < 8 or place + length > box.end:
            raise Damaged
        found.append((source.at(place + 4, 4), source.at(place + 8, min(length - 8, 256))))
        place += length
    return found


def read(source: Source) -> Contents:
    """Returns the labels of the movie, and of an XMP packet at the top."""
    labels: list[Found] = []
    c2pa = False
    for box in boxes(source, 0, source.size):
        if box.kind == b"moov":
            labels += _of_movie(source, box)
        elif box.kind == b"uuid" and box.end - box.body >= 16:
            name = source.at(box.body, 16)
            c2pa = c2pa or name == _C2PA_UUID
            if name == _XMP_UUID:
                packet = source.at(box.body + 16, box.end - box.body - 16)
                labels += [Found("uuid.xmp", each) for each in xmp.read(packet)]
    return Contents(tuple(labels), c2pa)


def _of_movie(source: Source, moov: Box) -> list[Found]:
    found = []
    for place, meta in metas(source, moov):
        if meta.end - meta.body >= 8:
            found += [Found(f"{place}.ilst", text) for text in _items(source, meta)]
    for udta in inside(source, moov, b"udta"):
        found += [Found("moov.udta.AIGC", _plain(source, box)) for box in inside(source, udta, KEY)]
    return found


def _items(source: Source, meta: Box) -> Iterator[str]:
    """The values of the key AIGC; an item's kind is the number of its key, from 1."""
    parts = {box.kind: box for box in boxes(source, meta_body(source, meta), meta.end)}
    if b"keys" not in parts or b"ilst" not in parts:
        return
    ours = {number for number, (_space, name) in enumerate(keys(source, parts[b"keys"]), 1) if name == KEY}
    for item in boxes(source, parts[b"ilst"].body, parts[b"ilst"].end):
        if int.from_bytes(item.kind, "big") in ours:
            for data in inside(source, item, b"data"):
                yield source.at(data.body + 8, max(data.end - data.body - 8, 0)).decode("utf-8", "replace")


def _plain(source: Source, box: Box) -> str:
    """A user-data text: bare, or with QuickTime's length and language before it."""
    data = source.at(box.body, min(box.end - box.body, LARGEST_BLOCK))
    with_length = len(data) >= 4 and int.from_bytes(data[:2], "big") == len(data) - 4
    return (data[4:] if with_length else data).rstrip(b"\0").decode("utf-8", "replace")
