"""Where faces are, by dlib's HOG detector. Loads no model files, so that a short-lived process can afford it.

The first look is enough for most pictures. The others are for what it cannot see, each only if those before found
nothing: a face that leaves no margin, a small face, a picture on its side, a head held askew.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
Box = tuple[int, int, int, int]  # top, right, bottom, left

STRONG = 0.0  # the detector's own limit
WEAK = -0.4  # down to here a face is worth a look at its landmarks, if there is no better one
ENLARGED = 4  # at most so many times
_GREY = (128, 128, 128)
# What `dlib.get_frontal_face_detector().save(path)` writes. dlib unpacks its own copy in 0.4 s, more than all else an upload takes.
MODEL = Path(__file__).with_name("frontal_face.svm")
_finder = dlib.fhog_object_detector(str(MODEL))


@dataclass(frozen=True, slots=True)
class Look:
    """How to look: at so many pixels a side, with a margin (share of that side), turned (degrees counter-clockwise)."""

    longest: int
    margin: float = 0.0
    turn: int = 0
    least: float = STRONG


# The detector sees faces of 80 pixels and more: a tenth of the picture at the first look, a twentieth at the third.
LOOKS = (
    Look(800),
    Look(320, margin=0.4),
    Look(1600),
    Look(800, turn=90, least=0.4),
    Look(800, turn=-90, least=0.4),
    Look(800, turn=180, least=0.4),
    Look(480, turn=35, least=0.2),
    Look(480, turn=-35, least=0.2),
)
FINEST = max(look.longest for look in LOOKS)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One face: its centre and side in shares of the picture's longer side, the score, the turn that makes it upright."""

    x: float
    y: float
    side: float
    score: float
    turn: int = 0

    def box(self, size: tuple[int, int]) -> Box:
        """Returns the box in a picture of this size, cut at its edges."""
        longest, half = max(size), self.side / 2
        left, right = ((self.x + half * sign) * longest for sign in (-1, 1))
        top, bottom = ((self.y + half * sign) * longest for sign in (-1, 1))
        return max(0, round(top)), min(size[0], round(right)), min(size[1], round(bottom)), max(0, round(left))


def detect(pixels: Pixels) -> list[Box]:
    """Returns the boxes (top, right, bottom, left) of the faces in an RGB or grey picture, the largest first.

    Takes 0.05 s for a picture with a face and less than half a second for one without, however large it is.
    """
    picture = Image.fromarray(pixels).convert("RGB")
    size = picture.size
    picture.thumbnail((FINEST, FINEST), Image.Resampling.BILINEAR)
    strong = (found for found in sightings(lambda _longest: picture) if found and found[0].score >= STRONG)
    return [each.box(size) for each in next(strong, [])]


def reaching(pixels: Pixels) -> list[Box]:
    """Returns the boxes of the faces in an RGB picture, the largest first. A box reaches beyond the picture where the face does."""
    for longest in (800, 1600):
        found = _whole(pixels, longest)
        if found or max(pixels.shape) <= longest:
            return found
    return []


def _whole(pixels: Pixels, longest: int) -> list[Box]:
    scale = min(1.0, longest / max(pixels.shape[:2]))
    height, width = (max(1, round(side * scale)) for side in pixels.shape[:2])
    picture = Image.fromarray(pixels)
    small = picture if scale == 1 else picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    boxes, _scores, _which = _finder.run(np.asarray(small), 0, STRONG)
    scaled = [tuple(round(side / scale) for side in (box.top(), box.right(), box.bottom(), box.left())) for box in boxes]
    return sorted(((top, right, bottom, left) for top, right, bottom, left in scaled), key=_area, reverse=True)


def quick(pixels: Pixels) -> list[Box]:
    """Returns the boxes of the faces of 80 pixels and more in a small picture, as it is, the largest first: one look, for films."""
    height, width = pixels.shape[:2]
    boxes, _scores, _which = _finder.run(pixels, 0, STRONG)
    cut = [(max(0, box.top()), min(width, box.right()), min(height, box.bottom()), max(0, box.left())) for box in boxes]
    return sorted(cut, key=_area, reverse=True)


def _area(box: Box) -> int:
    top, right, bottom, left = box
    return (bottom - top) * (right - left)


def sightings(at_least: Callable[[int], Image.Image]) -> Iterator[list[Sighting]]:
    """Yields what each look finds, the largest face first, and at the end the weak ones (score below 0), the best first.

    `at_least` gives the picture with so many pixels a side, if it has them. Whoever finds a face that will do stops
    asking; it is looked at `len(LOOKS)` times at most.
    """
    weak: list[Sighting] = []
    for look in LOOKS:
        found = list(_seen(at_least(look.longest), look))
        yield sorted((each for each in found if each.score >= look.least), key=lambda each: -each.side)
        weak += [each for each in found if each.score < STRONG and not look.turn]
    yield sorted(weak, key=lambda each: -each.score)


def turned_back(points: Points, turn: float, size: tuple[int, int], turned_size: tuple[int, int]) -> Points:
    """Returns where points (n, 2) of a picture turned by `turn` degrees with `expand` lie in the picture before."""
    angle = np.radians(turn)
    back = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    came: Points = (points - np.array(turned_size) / 2) @ back.T + np.array(size) / 2
    return came


def _seen(picture: Image.Image, look: Look) -> Iterator[Sighting]:
    prepared, scale, margin = _prepared(picture, look)
    shown = prepared.rotate(look.turn, expand=True, fillcolor=_GREY) if look.turn else prepared
    boxes, scores, _which = _finder.run(np.asarray(shown), 0, WEAK)
    for box, score in zip(boxes, scores, strict=True):
        centre = np.array([[(box.left() + box.right()) / 2, (box.top() + box.bottom()) / 2]])
        [[x, y]] = (turned_back(centre, look.turn, prepared.size, shown.size) - margin) / (scale * max(picture.size))
        yield Sighting(x, y, box.width() / (scale * max(picture.size)), score, look.turn)


def _prepared(picture: Image.Image, look: Look) -> tuple[Image.Image, float, int]:
    """Returns the picture as it is looked at but for the turn, its scale, and its margin in pixels."""
    longest = max(picture.size)
    wanted = min(look.longest, max(longest * 2, 400), longest * ENLARGED)
    scale, margin = wanted / longest, int(wanted * look.margin)
    if wanted != longest:
        picture = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.BILINEAR)
    return (ImageOps.expand(picture, margin, fill=_GREY) if margin else picture), scale, margin
