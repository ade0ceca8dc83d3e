"""The recording of a challenge as the portal takes it: cleaned by a child, unpacked for the judge, laid out for an officer."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from portal.kit.errors import Invalid
from verification.engines import sandbox
from verification.engines.reel import MAX_BYTES, Frame, NotARecording, pack, shown
from verification.engines.reel import unpack as read
from verification.reasons import REASONS

__all__ = ["MAX_BYTES", "BadRecording", "Frame", "clean", "decoded", "pack", "sheet", "unpack"]

MEDIA_TYPE = "application/vnd.vh.liveness"
SHEET = (6, 3)  # frames side by side and one below the other
_TILE = (240, 180)

Pixels = NDArray[np.uint8]


class BadRecording(Invalid):
    """The upload is not a recording; `code` is one of the reason catalogue's, `why` is for the log."""

    def __init__(self, why: str) -> None:
        reason = REASONS["liveness_interrupted"]
        super().__init__(f"{reason.text} {reason.help}", code=reason.code)
        self.why = why


def clean(upload: bytes) -> bytes:
    """Returns the recording with every frame decoded and encoded anew by a child, at most 480 pixels a side. Raises BadRecording."""
    if len(upload) > MAX_BYTES:
        raise BadRecording("over 6 MB")
    try:
        cleaned = sandbox.ask("verification.engines.projector", "recording", upload)
    except sandbox.SandboxError as error:
        raise BadRecording(type(error).__name__) from error
    unpack(cleaned)  # a child that a frame took over says what it likes; one that refuses says nothing
    return cleaned


def unpack(data: bytes) -> list[Frame]:
    """Returns the frames of a file, none of them decoded yet. Raises BadRecording."""
    try:
        return read(data)
    except NotARecording as error:
        raise BadRecording(error.why) from error


def decoded(frame: Frame) -> Pixels:
    """Returns the frame's pixels, shape (h, w, 3), at most 480 a side. Raises BadRecording."""
    try:
        return np.asarray(shown(frame))
    except NotARecording as error:
        raise BadRecording(error.why) from error


def sheet(data: bytes) -> bytes:
    """Returns frames of the whole recording, evenly spaced, laid out in one JPEG. Raises BadRecording."""
    frames, (across, down) = unpack(data), SHEET
    chosen = [frames[round(place)] for place in np.linspace(0, len(frames) - 1, across * down)]
    page = Image.new("RGB", (across * _TILE[0], down * _TILE[1]), "black")
    for number, frame in enumerate(chosen):
        tile = Image.fromarray(decoded(frame))
        tile.thumbnail(_TILE)
        page.paste(tile, (number % across * _TILE[0] + (_TILE[0] - tile.width) // 2, number // across * _TILE[1]))
    out = BytesIO()
    page.save(out, "JPEG", quality=85)
    return out.getvalue()
