"""Matroska and WebM: a SimpleTag named AIGC. Only read here; ffmpeg writes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.labels.containers.source import LARGEST_BLOCK, Contents, Damaged, Found, NotWritable, Piece, Source

SIGNATURE = b"\x1a\x45\xdf\xa3"
_SEGMENT, _TAGS, _TAG, _SIMPLE, _NAME, _STRING = 0x18538067, 0x1254C367, 0x7373, 0x67C8, 0x45A3, 0x4487
_DEEPEST = 4  # tags within tags


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its identifier, where its content begins, where it ends; None if only the next element tells."""

    identifier: int
    body: int
    end: int | None


def elements(source: Source, start: int, end: int) -> Iterator[Element]:
    """Yields the elements of a stretch; one of unknown size is opened, so that what it holds follows it."""
    place = start
    while place < end:
        source.step()
        identifier, place = _identifier(source, place)
        length, place = _length(source, place)
        if length is None:
            yield Element(identifier, place, None)
            continue
        if place + length > end:
            raise Damaged
        yield Element(identifier, place, place + length)
        place += length


def _width(first: int) -> int:
    if not first:
        raise Damaged
    return 9 - first.bit_length()


def _identifier(source: Source, place: int) -> tuple[int, int]:
    width = _width(source.number(place, 1))
    if width > 4:
        raise Damaged
    return source.number(place, width), place + width


def _length(source: Source, place: int) -> tuple[int | None, int]:
    width = _width(source.number(place, 1))
    value, ones = source.number(place, width), (1 << 7 * width) - 1
    length = value & ones
    return (None if length == ones else length), place + width


def read(source: Source) -> Contents:
    """Returns the labels among the tags."""
    labels: list[Found] = []
    for top in elements(source, 0, source.size):
        if top.identifier == _SEGMENT and top.end is not None:
            for each in elements(source, top.body, top.end):
                labels += _tagged(source, each)
        labels += _tagged(source, top)  # in a segment of unknown size, they follow at the top
    return Contents(tuple(labels))


def _tagged(source: Source, element: Element) -> list[Found]:
    if element.identifier != _TAGS or element.end is None:
        return []
    tags = [tag for tag in elements(source, element.body, element.end) if tag.identifier == _TAG]
    return [found for tag in tags for found in _simple(source, tag, 0)]


def _simple(source: Source, within: Element, depth: int) -> Iterator[Found]:
    if within.end is None or depth > _DEEPEST:
        raise Damaged
    for tag in elements(source, within.body, within.end):
        if tag.identifier == _SIMPLE and tag.end is not None:
            parts = {each.identifier: each for each in elements(source, tag.body, tag.end)}
            if _NAME in parts and _STRING in parts and _text(source, parts[_NAME]) == "AIGC":
                yield Found("mkv.SimpleTag", _text(source, parts[_STRING]))
            yield from _simple(source, tag, depth + 1)


def _text(source: Source, element: Element) -> str:
    length = min((element.end or element.body) - element.body, LARGEST_BLOCK)
    return source.at(element.body, length).rstrip(b"\0").decode("utf-8", "replace")


def write(source: Source, label: str) -> list[Piece]:
    """Raises NotWritable: an index that other elements point into would have to be moved, which ffmpeg does well."""
    raise NotWritable("ffmpeg")
