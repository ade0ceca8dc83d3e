"""MP3: an ID3v2 frame TXXX with the description AIGC."""

import io
import struct
from collections.abc import Iterator

from registry.labels.containers.source import LARGEST_BLOCK, Contents, Damaged, Found, NotWritable, Piece, Source

SIGNATURE = b"ID3"
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10
_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_LARGEST = 2**28


def _syncsafe(data: bytes) -> int:
    number = 0
    for byte in data:
        if byte > 0x7F:
            raise Damaged
        number = number << 7 | byte
    return number


def _as_syncsafe(number: int) -> bytes:
    if number >= _LARGEST:
        raise NotWritable("ffmpeg")
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def read(source: Source) -> Contents:
    """Returns the labels in the tag at the beginning of the file."""
    if source.at(0, 3) != SIGNATURE:
        return Contents()
    version, flags, length = source.number(3, 1), source.number(5, 1), _syncsafe(source.at(6, 4))
    if 10 + length > source.size or version not in (2, 3, 4):
        raise Damaged
    if flags & _UNSYNCHRONISED and version < 4:  # the whole tag is escaped; in version 4, each frame says so itself
        plain = source.at(10, min(length, LARGEST_BLOCK)).replace(b"\xff\0", b"\xff")
        return Contents(tuple(_labels(Source(io.BytesIO(plain)), 0, len(plain), version, flags)))
    return Contents(tuple(_labels(source, 10, 10 + length, version, flags)))


def _labels(source: Source, start: int, end: int, version: int, flags: int) -> Iterator[Found]:
    for place, length, marks in _text_frames(source, start + _extended(source, start, version, flags), end, version):
        data = source.at(place, min(length, LARGEST_BLOCK))
        if version == 4 and marks & 0x02:
            data = data.replace(b"\xff\0", b"\xff")
        if version == 4 and marks & 0x01:
            data = data[4:]  # the length before it was escaped
        description, text = _texts(data)
        if description == "AIGC":
            yield Found("mp3.TXXX", text)


def _extended(source: Source, start: int, version: int, flags: int) -> int:
    if not flags & _EXTENDED or version == 2:
        return 0
    return _syncsafe(source.at(start, 4)) if version == 4 else source.number(start, 4) + 4


def _text_frames(source: Source, start: int, end: int, version: int) -> Iterator[tuple[int, int, int]]:
    """Yields where the data of each user text frame begin, how many they are, and the format flags; packed ones are left out."""
    width, head = (3, 6) if version == 2 else (4, 10)
    place = start
    while place + head <= end:
        source.step()
        name = source.at(place, width)
        if not name.strip(b"\0"):
            return  # padding
        size = source.at(place + width, width)
        length = _syncsafe(size) if version == 4 else int.from_bytes(size, "big")
        marks = source.number(place + 9, 1) if version > 2 else 0
        if place + head + length > end:
            raise Damaged
        packed = marks & (0x0C if version == 4 else 0xC0)
        if name in (b"TXXX", b"TXX") and not packed:
            yield place + head, length, marks
        place += head + length


def _texts(data: bytes) -> tuple[str, str]:
    if not data or data[0] not in _ENCODINGS:
        return "", ""
    text = data[1:].decode(_ENCODINGS[data[0]], "replace")
    description, _zero, value = text.partition("\0")
    return description, value.rstrip("\0").removeprefix("\ufeff")


def write(source: Source, label: str) -> list[Piece]:
    """Returns the file with the label as its tag's first frame, or in a new tag. Raises NotWritable, naming ffmpeg, for rare tags."""
    body = b"\0AIGC\0" + label.encode()
    if source.at(0, 3) != SIGNATURE:
        frame = _frame(body, 3)
        return [SIGNATURE + b"\x03\0\0" + _as_syncsafe(len(frame)) + frame, range(source.size)]
    version, flags = source.number(3, 1), source.number(5, 1)
    if version not in (3, 4) or flags & (_EXTENDED | _FOOTER):
        raise NotWritable("ffmpeg")
    frame = _frame(body, version)
    length = _syncsafe(source.at(6, 4)) + len(frame)
    return [source.at(0, 6), _as_syncsafe(length), frame, range(10, source.size)]


def _frame(body: bytes, version: int) -> bytes:
    size = _as_syncsafe(len(body)) if version == 4 else struct.pack(">I", len(body))
    return b"TXXX" + size + b"\0\0" + body
