"""What is seen in each frame of a recording: the face, its measures, and what the picture around it looks like."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from verification.engines import face
from verification.engines.liveness_geometry import Points, Shape, points, shape
from verification.engines.prominence import prominent
from verification.engines.recording import Frame, Pixels, decoded
from verification.rules import Vector

_SMALL = (64, 48)
_PATCH = 16

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seen:
    """One frame. Without a face `shape`, `marks`, `box` and `patch` are None."""

    ms: int
    phase: int
    jpeg: bytes  # decoded again for the few frames that are compared: two hundred of them would take 100 MB
    small: Grey  # (48, 64)
    fine: NDArray[np.int16]  # every fourth pixel's brightness as it is, with the sensor's noise
    bright: float  # 90th percentile of brightness, 0 to 255
    faces: int = 0
    box: tuple[int, int, int, int] | None = None  # top, right, bottom, left
    marks: Points | None = None
    shape: Shape | None = None
    patch: Grey | None = None  # (16, 16), the face


def look(frames: Sequence[Frame]) -> list[Seen]:
    """Returns what is seen in each frame. Raises BadRecording for a frame that cannot be decoded."""
    return [_seen(frame, decoded(frame)) for frame in frames]


def _seen(frame: Frame, pixels: Pixels) -> Seen:
    grey = Image.fromarray(pixels).convert("L")
    level = np.asarray(grey)
    small = np.asarray(grey.resize(_SMALL, Image.Resampling.BOX), np.float32)
    fine, bright = level[::4, ::4].astype(np.int16), float(np.percentile(small, 90))
    found = face.landmarks_in(pixels)
    if not found:
        return Seen(frame.ms, frame.phase, frame.jpeg, small, fine, bright)
    box, marks = found[0][0], points(found[0][1])
    several = sum(prominent(_area(other), _area(box)) for other, _marks in found)
    return Seen(frame.ms, frame.phase, frame.jpeg, small, fine, bright, several, box, marks, shape(marks), _patch(grey, marks))


def _patch(grey: Image.Image, marks: Points) -> Grey:
    """Returns the face between the outermost landmarks, which move more smoothly than the detector's box."""
    (left, top), (right, bottom) = np.clip([marks.min(axis=0), marks.max(axis=0)], 0, np.array(grey.size) - 1)
    box = (left, top, max(right, left + 1), max(bottom, top + 1))
    return np.asarray(grey.resize((_PATCH, _PATCH), Image.Resampling.BOX, box=box), np.float32)


def _area(box: tuple[int, int, int, int]) -> int:
    top, right, bottom, left = box
    return (bottom - top) * (right - left)


def template(seen: Seen) -> Vector:
    """Returns the template of the frame's face, which must have been found."""
    if seen.box is None:
        raise ValueError("no face in this frame")
    return face.template_at(decoded(Frame(seen.ms, seen.phase, seen.jpeg)), seen.box)
