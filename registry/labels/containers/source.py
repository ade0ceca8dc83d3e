"""A file that a stranger sent, read in small bounded pieces; and a new file described by pieces of it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

MOST_STEPS = 100_000  # boxes, chunks, segments, tags or elements that are looked at in one file
LARGEST_BLOCK = 1024 * 1024  # bytes read at once
_COPIED = 256 * 1024

Piece = bytes | range  # of a new file: bytes, or a stretch of the old one


class Damaged(Exception):
    """The file ends too early, or says something impossible of itself; or it is made to be expensive."""


class NotWritable(Exception):
    """This file cannot be labelled here. `tool` names the program that can; empty if none is known."""

    def __init__(self, tool: str = "") -> None:
        super().__init__(tool)
        self.tool = tool


@dataclass(frozen=True, slots=True)
class Found:
    """A label's text as it stands in a file, and where."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a container holds of interest: implicit labels, and whether a C2PA manifest is embedded."""

    labels: tuple[Found, ...] = ()
    c2pa: bool = False


class Source:
    """Reads at places; counts its steps, so that no file keeps it busy."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._steps = 0
        self.size = file.seek(0, io.SEEK_END)

    def at(self, place: int, length: int) -> bytes:
        """Returns exactly so many bytes from a place. Raises Damaged if they are not there or too many."""
        if not 0 <= length <= LARGEST_BLOCK or place < 0 or place + length > self.size:
            raise Damaged
        self._file.seek(place)
        data = self._file.read(length)
        if len(data) != length:
            raise Damaged
        return data

    def number(self, place: int, length: int) -> int:
        """Returns an unsigned number, the highest byte first."""
        return int.from_bytes(self.at(place, length), "big")

    def step(self) -> None:
        """Counts one thing looked at. Raises Damaged when there were too many."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Damaged

    def copied(self, pieces: list[Piece]) -> Iterator[bytes]:
        """Yields the new file in blocks."""
        for piece in pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            for place in range(piece.start, piece.stop, _COPIED):
                yield self.at(place, min(_COPIED, piece.stop - place))
