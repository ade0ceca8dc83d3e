"""JPEG: XMP in an APP1 segment."""

from collections.abc import Iterator

from registry.labels.containers import xmp
from registry.labels.containers.source import Contents, Damaged, Found, NotWritable, Piece, Source

SIGNATURE = b"\xff\xd8\xff"
_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
_APP0, _APP1, _APP11, _SCAN, _END = 0xE0, 0xE1, 0xEB, 0xDA, 0xD9
_LONGEST = 0xFFFF - 2
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
Segment = tuple[int, int, int]  # marker, where its data begin, how many they are


def segments(source: Source) -> Iterator[Segment]:
    """Yields the segments before the picture's data."""
    place = 2
    while True:
        source.step()
        if source.number(place, 1) != 0xFF:
            raise Damaged
        marker = source.number(place + 1, 1)
        if marker == 0xFF:  # a fill byte
            place += 1
        elif marker in _ALONE:
            place += 2
        elif marker in (_SCAN, _END):
            return
        else:
            length = source.number(place + 2, 2)
            if length < 2 or place + 2 + length > source.size:
                raise Damaged
            yield marker, place + 4, length - 2
            place += 2 + length


def read(source: Source) -> Contents:
    """Returns the labels in XMP segments."""
    labels: list[Found] = []
    c2pa = False
    for marker, place, length in segments(source):
        if marker == _APP1 and _is_xmp(source, place, length):
            packet = source.at(place + len(_HEADER), length - len(_HEADER))
            labels += [Found("jpeg.app1.xmp", each) for each in xmp.read(packet)]
        c2pa = c2pa or (marker == _APP11 and b"c2pa" in source.at(place, min(length, 256)))
    return Contents(tuple(labels), c2pa)


def _is_xmp(source: Source, place: int, length: int) -> bool:
    return length >= len(_HEADER) and source.at(place, len(_HEADER)) == _HEADER


def write(source: Source, label: str) -> list[Piece]:
    """Returns the file with the label in its XMP segment, or in a new one behind JFIF and Exif. Raises NotWritable if it is full."""
    behind = 2
    for marker, place, length in segments(source):
        if marker == _APP1 and _is_xmp(source, place, length):
            packet = xmp.with_label(source.at(place + len(_HEADER), length - len(_HEADER)), label)
            return [range(place - 4), _segment(packet), range(place + length, source.size)]
        if marker in (_APP0, _APP1) and place - 4 == behind:
            behind = place + length
    return [range(behind), _segment(xmp.packet(label)), range(behind, source.size)]


def _segment(packet: bytes) -> bytes:
    data = _HEADER + packet
    if len(data) > _LONGEST:
        raise NotWritable
    return b"\xff\xe1" + (len(data) + 2).to_bytes(2, "big") + data
