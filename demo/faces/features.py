"""The colours of eyes and mouth, the two features that move."""

from typing import NamedTuple

import numpy as np

from demo.faces.head import Expression
from demo.faces.identities import Face
from demo.faces.surfaces import Field, Patch, inside, spot

TEETH = 0.2  # share of the gap between the lips that shows the upper teeth


class Lips(NamedTuple):
    """Heights of the lips' edges in mm, from the top down, and how far inside the corners a point lies."""

    top: Field
    upper_edge: Field
    lower_edge: Field
    bottom: Field
    between_corners: Field


class Lids(NamedTuple):
    """Place across the eye (-1 to 1 between the corners); heights of both lids and of the open upper lid."""

    across: Field
    upper: Field
    lower: Field
    open_upper: Field
    between_corners: Field


def ruddy(face: Face) -> Field:
    """Return the skin's colour where blood shows through; sRGB, 0 to 255."""
    return np.asarray(face.skin.colour, np.float32) * np.array([1.0, 0.74, 0.70], np.float32)


def paint_mouth(patch: Patch, face: Face, expression: Expression) -> None:
    """Paint the lips, the line between them, and teeth and throat if they part."""
    mouth = face.mouth
    part = patch.between(mouth.line - expression.drop - mouth.lower - 6, mouth.line + mouth.upper + 16)
    lips = _lips(part, face, expression)
    own = np.asarray(mouth.lips, np.float32)
    covered = inside(part.y - lips.top, 0.5) * lips.between_corners
    part.paint(own, 0.9 * covered * inside(lips.bottom - part.y, 0.5))
    part.paint(own * 0.82, 0.5 * covered * inside(lips.upper_edge - part.y, 0.5))
    if expression.drop > 1:
        _paint_throat(part, face, lips, expression.drop)
    seam = np.exp(-(((part.y - lips.upper_edge) / 0.9) ** 2))
    part.paint(own * 0.30, 0.85 * seam * inside(part.side - mouth.width - 1, 0.7) * part.front)


def _lips(part: Patch, face: Face, expression: Expression) -> Lips:
    mouth, side = face.mouth, part.side
    bow = np.clip(1 - (part.x / mouth.width) ** 2, 0, 1)
    upper_edge = mouth.line + mouth.smile * np.minimum(side / mouth.width, 1.2) ** 2 * 2
    lower_edge = upper_edge - expression.drop * bow**0.8
    dip = 1 - 0.22 * np.exp(-((part.x / 3.5) ** 2))
    return Lips(
        top=upper_edge + mouth.upper * bow**0.75 * dip,
        upper_edge=upper_edge,
        lower_edge=lower_edge,
        bottom=lower_edge - mouth.lower * bow**0.7,
        between_corners=inside(side - mouth.width, 0.5) * part.front,
    )


def _paint_throat(part: Patch, face: Face, lips: Lips, drop: float) -> None:
    hole = inside(part.y - lips.upper_edge, 0.5) * inside(lips.lower_edge - part.y, 0.5) * lips.between_corners
    part.paint((52, 16, 16), hole)
    teeth = inside(lips.upper_edge - drop * TEETH - part.y, 0.5) * inside(part.side - face.mouth.width * 0.7, 1)
    part.paint((225, 215, 200), hole * teeth)


def paint_eyes(patch: Patch, face: Face, expression: Expression) -> Field:
    """Paint eyeballs and lids; return how far the eyeball shows at each point of the patch, 0 to 1."""
    top, bottom = 30.0, -25.0
    part = patch.between(bottom, top)
    lids = _lids(part, face, expression.eyes_open)
    shows = inside(part.y - lids.upper, 0.35) * inside(lids.lower - part.y, 0.35) * lids.between_corners
    if expression.eyes_open <= 0.05:
        shows = np.zeros_like(shows)
    part.colour[:] += (_eyeball(part, face, lids) - part.colour) * shows
    _paint_lids(part, face, lids, expression.eyes_open)
    opening = np.zeros_like(patch.x)
    first = int(np.sum(patch.y > top))
    opening[first : first + len(shows)] = shows
    return opening


def _lids(part: Patch, face: Face, opened: float) -> Lids:
    eyes = face.eyes
    across = (part.side - eyes.apart) / eyes.width
    arch = np.clip(1 - np.abs(across) ** 2.2, 0, 1)
    lower = eyes.tilt * across - eyes.lower * arch * (0.25 + 0.75 * opened)
    open_upper = eyes.tilt * across + eyes.upper * arch**0.8
    upper = lower + (open_upper - lower) * opened
    return Lids(across, upper, lower, open_upper, inside(np.abs(across) - 1, 0.03) * part.front)


def _eyeball(part: Patch, face: Face, lids: Lids) -> Field:
    """Return the colours of white, iris, pupil and glint; sRGB from 0 to 1, shape (3, n, m)."""
    eyes, iris = face.eyes, np.asarray(face.eyes.iris, np.float32)
    corner = 0.35 * np.clip(np.abs(lids.across), 0, 1) ** 3
    shadow = 0.35 * inside(lids.upper - 2.2 - part.y, 0.8)
    white = np.array([0.86, 0.834, 0.817], np.float32).reshape(3, 1, 1) * (1 - corner - shadow)
    ball = Patch(part.x, part.y, part.front, part.relief, white)
    radius = np.hypot(part.side - eyes.apart, part.y - 0.5)
    ball.paint(iris * 0.35, inside(radius - eyes.iris_radius, 0.4))
    ball.paint(iris, 0.9 * inside(radius - eyes.iris_radius * 0.85, 0.5))
    ball.paint((12, 10, 10), inside(radius - eyes.iris_radius * 0.42, 0.4))
    glint = np.hypot(part.x - np.sign(part.x) * eyes.apart + 2, part.y - 2.6)
    ball.paint((250, 250, 250), 0.9 * inside(glint - 1.1, 0.3))
    return ball.colour


def _paint_lids(part: Patch, face: Face, lids: Lids, opened: float) -> None:
    eyes, skin, closed = face.eyes, ruddy(face), 1 - opened
    shut = spot(part.side, part.y, (eyes.apart, 4), (eyes.width * 0.8, 3))
    part.paint(skin * 1.12, 0.25 * closed * shut * part.front)
    lash = np.exp(-(np.abs((part.y - lids.upper - 0.3) / (1.1 + 0.5 * closed)) ** 3))
    ink = (28, 18, 16) if opened > 0.5 else (10, 6, 6)
    part.paint(ink, (0.85 + 0.1 * closed) * lash * inside(np.abs(lids.across) - 1.08, 0.04) * part.front)
    rim = np.exp(-(((part.y - lids.lower + 0.4) / 0.8) ** 2))
    part.paint(skin * 0.55, 0.35 * opened * rim * lids.between_corners)
    crease = np.exp(-(((part.y - lids.open_upper - 3.2) / 0.9) ** 2)) * inside(np.abs(lids.across) - 0.95, 0.08)
    part.paint(skin * 0.45, 0.55 * eyes.crease * (0.25 + 0.75 * opened) * crease * part.front)
    tear_duct = spot(part.side, part.y, (eyes.apart - eyes.width + 1, -eyes.tilt), (1.5, 1.3))
    part.paint((200, 130, 120), 0.6 * min(1.0, opened * 2) * tear_duct * part.front)
