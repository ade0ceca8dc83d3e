"""FLV: the member AIGC of onMetaData, a script tag in AMF 0."""

import struct
from collections.abc import Iterator

from registry.labels.containers.source import LARGEST_BLOCK, Contents, Damaged, Found, NotWritable, Piece, Source

SIGNATURE = b"FLV\x01"
_SCRIPT = 18
_LOOKED_AT = 64  # tags; onMetaData is the first, or among the first
_DEEPEST, _MOST_VALUES = 8, 20_000
_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _UNDEFINED, _REFERENCE, _ARRAY, _LIST, _DATE, _LONG = 0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12
_FIXED = {_NUMBER: 8, _BOOLEAN: 1, _NULL: 0, _UNDEFINED: 0, _REFERENCE: 2, _DATE: 10}
_ON_META_DATA = b"\x02\x00\x0aonMetaData"
_POSITIONS = b"filepositions"  # an index of key frames, by their place in the file
Tag = tuple[int, int, int]  # kind, where its data begin, how many they are


def tags(source: Source) -> Iterator[Tag]:
    """Yields the first tags."""
    place = source.number(5, 4) + 4
    for _number in range(_LOOKED_AT):
        if place + 11 > source.size:
            return
        kind, length = source.number(place, 1) & 0x1F, source.number(place + 1, 3)
        if place + 11 + length > source.size:
            raise Damaged
        yield kind, place + 11, length
        place += 15 + length


class Amf:
    """Reads AMF 0 values, keeping the members of the outermost object that are texts."""

    def __init__(self, data: bytes) -> None:
        self._data, self._place, self._seen = data, 0, 0
        self.texts: list[tuple[bytes, bytes]] = []
        self.has_positions = False

    def _take(self, length: int) -> bytes:
        taken = self._data[self._place : self._place + length]
        if len(taken) != length:
            raise Damaged
        self._place += length
        return taken

    def _number(self, length: int) -> int:
        return int.from_bytes(self._take(length), "big")

    def value(self, depth: int = 0) -> bytes:
        """Returns a value's text, if it is one; else nothing. Raises Damaged for what cannot be read or goes too deep."""
        self._seen += 1
        if depth > _DEEPEST or self._seen > _MOST_VALUES:
            raise Damaged
        kind = self._number(1)
        if kind in (_STRING, _LONG):
            return self._take(self._number(2 if kind == _STRING else 4))
        if kind in _FIXED:
            self._take(_FIXED[kind])
        elif kind in (_OBJECT, _ARRAY):
            self._take(4 if kind == _ARRAY else 0)
            self._members(depth)
        elif kind == _LIST:
            for _each in range(self._number(4)):
                self.value(depth + 1)
        else:
            raise Damaged
        return b""

    def _members(self, depth: int) -> None:
        while self._place < len(self._data):
            name = self._take(self._number(2))
            if not name and self._data[self._place : self._place + 1] == b"\x09":
                self._place += 1
                return
            self.has_positions = self.has_positions or name == _POSITIONS
            text = self.value(depth + 1)
            if depth == 0:
                self.texts.append((name, text))


def _meta_data(source: Source) -> Iterator[tuple[int, int, Amf]]:
    for kind, place, length in tags(source):
        if kind == _SCRIPT and length <= LARGEST_BLOCK and source.at(place, length).startswith(_ON_META_DATA):
            amf = Amf(source.at(place + len(_ON_META_DATA), length - len(_ON_META_DATA)))
            amf.value()
            yield place, length, amf


def read(source: Source) -> Contents:
    """Returns the labels in onMetaData."""
    texts = [text for _place, _length, amf in _meta_data(source) for name, text in amf.texts if name == b"AIGC"]
    return Contents(tuple(Found("flv.onMetaData", text.decode("utf-8", "replace")) for text in texts))


def write(source: Source, label: str) -> list[Piece]:
    """Returns the file with the label as the first member of onMetaData, which is made if there is none.

    Raises NotWritable, naming ffmpeg, if an index of key frames would have to be moved.
    """
    member = b"\0\x04AIGC\x02" + struct.pack(">H", len(label)) + label.encode()
    for place, length, amf in _meta_data(source):
        if amf.has_positions:
            raise NotWritable("ffmpeg")
        body = source.at(place, length)
        return [range(place - 11), _tag(_with_member(body, member)), range(place + length + 4, source.size)]
    begin = source.number(5, 4) + 4
    if begin > source.size:
        raise Damaged
    tag = _tag(_ON_META_DATA + b"\x08" + struct.pack(">I", 1) + member + b"\0\0\x09")
    return [range(begin), tag, range(begin, source.size)]


def _with_member(body: bytes, member: bytes) -> bytes:
    place = len(_ON_META_DATA)
    if body[place] == _OBJECT:
        return body[: place + 1] + member + body[place + 1 :]
    if body[place] != _ARRAY:
        raise NotWritable("ffmpeg")
    count = int.from_bytes(body[place + 1 : place + 5], "big")
    return body[: place + 1] + struct.pack(">I", min(count + 1, 2**32 - 1)) + member + body[place + 5 :]


def _tag(body: bytes) -> bytes:
    if len(body) >= 2**24:
        raise NotWritable("ffmpeg")
    return bytes([_SCRIPT]) + len(body).to_bytes(3, "big") + bytes(7) + body + struct.pack(">I", 11 + len(body))
