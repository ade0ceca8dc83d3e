"""What 68 landmarks tell of a face: how far it is turned, whether it has depth, how wide eyes and mouth are open.

Points are counted as dlib (and iBUG 300-W) count them. All measures are shares of the face's own size, so that neither
distance nor roll nor the picture's size matters. Heights are measured by the nose's length, which a turn leaves alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
_ORDER = ("chin", "left_eyebrow", "right_eyebrow", "nose_bridge", "nose_tip", "left_eye", "right_eye")
_BRIDGE, _TIP, _BASE = 27, 30, 33
_UPPER_LIP = 51
_JAW_LEFT, _JAW_RIGHT = 1, 15
_OUTER_LEFT, _OUTER_RIGHT = 36, 45
_EYES = ((36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47))
_INNER_LIPS = ((61, 67), (62, 66), (63, 65))


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of one face. Positive turns show the nose at the picture's right: the person's own left."""

    turn: float  # where the nose's tip lies between the jaw's ends, -0.5 to 0.5
    depth: float  # how far the tip stands out of the line from bridge to lip; a flat picture keeps it, however it is held
    eyes: float  # mean height of both eyes
    mouth: float  # gap between the lips
    size: float  # distance between the jaw's ends, px
    middle: tuple[float, float]  # between the jaw's ends, px: it hardly moves when the head turns


def points(landmarks: Mapping[str, Sequence[tuple[int, int]]]) -> Points:
    """Returns the landmarks as an array of shape (68, 2), x and y in px."""
    listed = [point for name in _ORDER for point in landmarks[name]]
    upper, lower = landmarks["top_lip"], landmarks["bottom_lip"]
    outer = [*upper[:7], *lower[1:6]]
    inner = [*reversed(upper[7:12]), *reversed(lower[8:11])]
    return np.array([*listed, *outer, *inner], np.float64)


def shape(marks: Points) -> Shape:
    """Returns the measures of these 68 points."""
    across = marks[_OUTER_RIGHT] - marks[_OUTER_LEFT]
    across = across / (np.linalg.norm(across) or 1.0)
    left, tip, right = (float(marks[place] @ across) for place in (_JAW_LEFT, _TIP, _JAW_RIGHT))
    width = max(right - left, 1.0)
    nose = max(float(np.linalg.norm(marks[_BASE] - marks[_BRIDGE])), 1.0)
    middle = (marks[_JAW_LEFT] + marks[_JAW_RIGHT]) / 2
    return Shape(
        turn=(tip - left) / width - 0.5,
        depth=_stands_out(marks),
        eyes=float(np.mean([_opening(marks, eye) for eye in _EYES])) / nose,
        mouth=float(np.mean([np.linalg.norm(marks[up] - marks[down]) for up, down in _INNER_LIPS])) / nose,
        size=width,
        middle=(float(middle[0]), float(middle[1])),
    )


def _opening(marks: Points, eye: tuple[int, ...]) -> float:
    return float(np.linalg.norm(marks[eye[1]] - marks[eye[5]]) + np.linalg.norm(marks[eye[2]] - marks[eye[4]])) / 2


def _stands_out(marks: Points) -> float:
    """Returns the tip's signed distance from the line bridge–lip, by its length.

    Three points of a plane that lie on a line do so from wherever the plane is seen (a homography maps lines to lines),
    and a sheet rolled about an upright axis keeps its upright lines too. The nose of a head leaves the line.
    """
    line = marks[_UPPER_LIP] - marks[_BRIDGE]
    length = float(np.linalg.norm(line)) or 1.0
    tip = marks[_TIP] - marks[_BRIDGE]
    return float(line[1] * tip[0] - line[0] * tip[1]) / length**2


def unexplained(straight: Points, turned: Points) -> float:
    """Returns how badly the best affine map of the straight face's points explains the turned ones.

    The root mean square of what is left, by the distance of the outer eye corners in the straight face.
    """
    source = np.column_stack([straight, np.ones(len(straight))])
    found, *_rest = np.linalg.lstsq(source, turned, rcond=None)
    left = source @ found - turned
    return float(np.sqrt((left**2).sum(axis=1).mean()) / max(np.linalg.norm(straight[_OUTER_RIGHT] - straight[_OUTER_LEFT]), 1.0))
