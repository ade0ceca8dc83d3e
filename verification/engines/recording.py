"""The recording of a challenge: JPEG frames with the time and phase of each, in one file that can be sealed.

`VHL1`, the number of frames, then for each frame its time in ms, its phase, the length of its JPEG, and the JPEG; all
numbers big-endian. A recording comes from the browser, so everything in it is a claim by a stranger.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from portal.kit.errors import Invalid
from verification.reasons import REASONS

MAGIC = b"VHL1"
MAX_FRAMES = 200  # the slow pace at six frames a second
MAX_FRAME_BYTES = 64 * 1024
MAX_BYTES = 6 * 1024 * 1024
MAX_SIDE = 1280
LOOKED_AT = 480  # px, longest side
MEDIA_TYPE = "application/vnd.vh.liveness"

_COUNT = struct.Struct(">H")
_HEAD = struct.Struct(">IBI")
_JPEG = b"\xff\xd8\xff"

Pixels = NDArray[np.uint8]


class BadRecording(Invalid):
    """The upload is not a recording; `code` is one of the reason catalogue's, `why` is for the log."""

    def __init__(self, why: str) -> None:
        reason = REASONS["liveness_interrupted"]
        super().__init__(f"{reason.text} {reason.help}", code=reason.code)
        self.why = why


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: ms since the recording's start, the phase that the page was showing, and the JPEG."""

    ms: int
    phase: int
    jpeg: bytes


def pack(frames: Iterable[Frame]) -> bytes:
    """Returns the frames as one file; the browser's script writes the same."""
    every = list(frames)
    parts = [MAGIC, _COUNT.pack(len(every))]
    for frame in every:
        parts += [_HEAD.pack(frame.ms, frame.phase, len(frame.jpeg)), frame.jpeg]
    return b"".join(parts)


def unpack(data: bytes) -> list[Frame]:
    """Returns the frames of a file, none of them decoded yet.

    Raises BadRecording: not our format, cut off, something behind the end, too many or too large frames, times that do
    not rise, a frame that is no JPEG or declares more than 1280 pixels a side.
    """
    if len(data) > MAX_BYTES:
        raise BadRecording("over 6 MB")
    if data[: len(MAGIC)] != MAGIC or len(data) < len(MAGIC) + _COUNT.size:
        raise BadRecording("not a recording")
    (count,) = _COUNT.unpack_from(data, len(MAGIC))
    if not 0 < count <= MAX_FRAMES:
        raise BadRecording("no frames, or too many")
    frames: list[Frame] = []
    at = len(MAGIC) + _COUNT.size
    for _number in range(count):
        frame, at = _read(data, at)
        if frames and frame.ms <= frames[-1].ms:
            raise BadRecording("times do not rise")
        frames.append(frame)
    if at != len(data):
        raise BadRecording("something behind the last frame")
    return frames


def _read(data: bytes, at: int) -> tuple[Frame, int]:
    if at + _HEAD.size > len(data):
        raise BadRecording("cut off")
    ms, phase, length = _HEAD.unpack_from(data, at)
    start, end = at + _HEAD.size, at + _HEAD.size + length
    if length > MAX_FRAME_BYTES or end > len(data):
        raise BadRecording("a frame is too large or cut off")
    jpeg = data[start:end]
    _measured(jpeg)
    return Frame(ms, phase, jpeg), end


def _measured(jpeg: bytes) -> None:
    """Reads no more than the header."""
    if not jpeg.startswith(_JPEG):
        raise BadRecording("a frame is no JPEG")
    try:
        with Image.open(BytesIO(jpeg), formats=("JPEG",)) as picture:
            size = picture.size
    except Exception as error:  # a decoder that strangers feed may raise anything
        raise BadRecording("a frame cannot be read") from error
    if max(size) > MAX_SIDE or min(size) < 1:
        raise BadRecording("a frame has too many pixels")


def decoded(frame: Frame) -> Pixels:
    """Returns the frame's pixels, shape (h, w, 3), at most 480 a side. Raises BadRecording.

    The only place where a frame is decoded, so that it can be moved into a process of its own.
    """
    _measured(frame.jpeg)
    try:
        with Image.open(BytesIO(frame.jpeg), formats=("JPEG",)) as picture:
            picture.load()
            shown = picture.convert("RGB")
            shown.thumbnail((LOOKED_AT, LOOKED_AT))
            return np.asarray(shown)
    except Exception as error:
        raise BadRecording("a frame is damaged") from error
