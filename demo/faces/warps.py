"""A flat picture held before a camera: tilted, rolled, moved; and parts of one picture laid over another."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from demo.faces.identities import Face
from demo.faces.render import mm_in_px

Pixels = npt.NDArray[np.uint8]
Cover = npt.NDArray[np.float32]  # (height, width), 0 to 1
Kind = TypeVar("Kind", bound=np.generic)
_DISTANCE = 2.5  # widths between picture and lens
_ROLL = 0.55  # widths: radius of the rolled picture


def tilted(picture: npt.NDArray[Kind], degrees: float) -> npt.NDArray[Kind]:
    """Return the flat picture turned about its upright axis; positive as a face that turns to the picture's right."""
    columns = picture.shape[1]
    angle, away = np.radians(degrees), _DISTANCE * columns
    at = np.arange(columns) - columns / 2
    # A ray through column `at` meets the sheet at `place`; what is nearer looks taller.
    place = at * away / (away * np.cos(angle) - at * np.sin(angle))
    taller = away / (away + place * np.sin(angle))
    return _picked(picture, place, taller)


def bent(picture: npt.NDArray[Kind], degrees: float) -> npt.NDArray[Kind]:
    """Return the picture rolled about an upright axis, its middle towards the lens, and turned as in `tilted`."""
    columns = picture.shape[1]
    angle, away, radius = np.radians(degrees), _DISTANCE * columns, _ROLL * columns
    place = np.linspace(-columns / 2, columns / 2, 4 * columns)
    x, z = radius * np.sin(place / radius), radius * (np.cos(place / radius) - 1) + radius
    turned, near = x * np.cos(angle) + z * np.sin(angle), z * np.cos(angle) - x * np.sin(angle) - radius
    taller = away / (away - near)
    seen = (turned - radius * np.sin(angle)) * taller
    visible = np.argsort(seen)
    at = np.arange(columns) - columns / 2
    return _picked(picture, np.interp(at, seen[visible], place[visible]), np.interp(at, seen[visible], taller[visible]))


def _picked(picture: npt.NDArray[Kind], place: npt.NDArray[np.float64], taller: npt.NDArray[np.float64]) -> npt.NDArray[Kind]:
    """Return the picture with each column taken from `place` (from the middle) and made `taller`."""
    rows, columns = picture.shape[:2]
    down = rows / 2 + (np.arange(rows)[:, None] - rows / 2) / taller
    across = np.broadcast_to(columns / 2 + place, down.shape)
    picked: npt.NDArray[Kind] = picture[
        np.clip(np.rint(down), 0, rows - 1).astype(int), np.clip(np.rint(across), 0, columns - 1).astype(int)
    ]
    return picked


def moved(picture: Pixels, across: float = 0.0, down: float = 0.0, scale: float = 1.0) -> Pixels:
    """Return the picture shifted by shares of its width, and enlarged about its middle."""
    rows, columns = picture.shape[:2]
    x, y, by = columns / 2, rows / 2, 1 / scale
    matrix = (by, 0.0, x - by * (x + across * columns), 0.0, by, y - by * (y + down * columns))
    return np.asarray(Image.fromarray(picture).transform((columns, rows), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC))


def laid_over(under: Pixels, over: npt.NDArray[np.generic], cover: npt.NDArray[np.generic]) -> Pixels:
    """Return `over` laid over `under` where `cover` is 1."""
    share = cover[..., None].astype(np.float32)
    return (under * (1 - share) + over.astype(np.float32) * share).astype(np.uint8)


def features(face: Face, size: tuple[int, int]) -> Cover:
    """Return where eyes and mouth are in a straight picture of the person."""
    eyes = [_oval(size, (side * face.eyes.apart, 0), (face.eyes.width + 6, 13)) for side in (-1, 1)]
    covered: Cover = np.maximum.reduce([*eyes, _oval(size, (0, face.mouth.line - 6), (face.mouth.width + 8, 26))])
    return covered


def face(person: Face, size: tuple[int, int]) -> Cover:
    """Return where the face is in a straight picture, from the brows to the chin."""
    return _oval(size, (0, -35), (person.head.cheek - 2, 85))


def _oval(size: tuple[int, int], middle: tuple[float, float], half: tuple[float, float]) -> Cover:
    """Return an oval with soft edges; mm in the head's coordinates."""
    columns, rows = size
    scale = mm_in_px(rows)
    x = (np.arange(columns)[None] - columns / 2) / scale - middle[0]
    y = (rows / 2 - np.arange(rows)[:, None]) / scale - 6 - middle[1]
    covered: Cover = np.clip((1.1 - np.hypot(x / half[0], y / half[1])) / 0.2, 0, 1).astype(np.float32)
    return covered
