"""The shape of a head: its outline, and the relief of nose, eye sockets, cheeks and mouth upon it."""

from typing import NamedTuple

import numpy as np

from demo.faces.identities import Face
from demo.faces.surfaces import Field, Patch, curve, hump, spot

JAW_DROP = 20.0  # mm between the lips when the mouth is wide open
HALF_TURN = 1.9  # radians: the face sheet reaches so far to each side


class Expression(NamedTuple):
    """What the face is doing: each from 0 (shut) to 1 (open)."""

    eyes_open: float = 1.0
    mouth_open: float = 0.0

    @property
    def drop(self) -> float:
        """Return the gap between the lips, in mm."""
        return JAW_DROP * self.mouth_open


class Outline(NamedTuple):
    """Rows from crown to chin: height, half width and depth of each, in mm; three arrays of shape (n,)."""

    y: Field
    width: Field
    depth: Field


def outline(face: Face, rows: int, *, drop: float = 0.0, grow: float = 0.0) -> Outline:
    """Return the head's outline with the chin lowered for an open mouth, or `grow` mm larger all round."""
    head, chin = face.head, face.head.chin - 0.6 * drop
    middle, half = (head.crown + chin) / 2, (head.crown - chin) / 2
    turn = np.linspace(0.02, np.pi - 0.02, rows, dtype=np.float32)
    at = np.arccos((np.array([80, 45, -15, -72, chin + 8]) - middle) / half)
    widths = np.array([head.forehead * 0.90, head.forehead, head.cheek, head.jaw, head.chin_width])
    depth_at = np.arccos((np.array([100, 60, 20, -10, -60, -95, chin + 1]) - middle) / half)
    depths = head.depth * np.array([0.62, 0.93, 1.0, 0.97, 0.96, 0.90, 0.80])
    return Outline(
        y=middle + (half + grow) * np.cos(turn),
        width=_smooth(turn, at, widths / np.sin(at), 0.12) * np.sin(turn) + grow,
        depth=_smooth(turn, depth_at, depths, 0.08) * _smooth(turn, turn, _rounding(turn), 0.08) + grow * 0.6,
    )


def _smooth(turn: Field, knots: Field, values: Field, width: float) -> Field:
    """Return a curve through the knots, its corners rounded off."""
    dense = np.linspace(0, np.pi, 400)
    weights = np.exp(-0.5 * ((dense[:, None] - dense) / width) ** 2)
    rounded = weights @ np.interp(dense, knots, values) / weights.sum(1)
    return curve(turn, dense, rounded)


def _rounding(turn: Field) -> Field:
    crown = np.clip(np.sin(turn) / 0.75, 0, 1) ** 0.7
    chin = np.clip(np.sin(turn) / 0.35, 0, 1) ** 0.6
    return np.where(turn < np.pi / 2, crown, chin)


def face_angles(columns: int) -> Field:
    """Return the columns' angles from the front in radians, denser in the middle; shape (m,)."""
    even = np.linspace(-1, 1, columns, dtype=np.float32)
    return (0.75 * even + 0.25 * even**3) * np.float32(HALF_TURN)


def face_patch(face: Face, expression: Expression, shape: tuple[int, int]) -> tuple[Patch, Field]:
    """Return the bare face sheet as a patch, with relief applied, and its depth z in mm, shape (n, m)."""
    rows = outline(face, shape[0], drop=expression.drop)
    angle = face_angles(shape[1])
    forward = np.cos(angle)[None]
    patch = Patch(
        x=rows.width[:, None] * np.sin(angle)[None],
        y=rows.y[:, None],
        front=np.clip(forward * 3, 0, 1),
        relief=np.zeros(shape, np.float32),
        colour=np.zeros((3, *shape), np.float32),
    )
    _raise_nose(patch, face)
    _shape_eyes(patch, face, expression)
    _shape_cheeks(patch, face)
    _shape_mouth(patch, face, expression)
    ball = rows.depth[:, None] * np.sign(forward) * np.abs(forward) ** np.float32(0.85)
    return patch, ball + patch.relief * patch.front


def _raise_nose(patch: Patch, face: Face) -> None:
    nose, tip = face.nose, face.nose.line
    part = patch.between(tip - 30, 32)
    ridge = [0, nose.tip * 0.55, nose.tip, nose.tip * 0.93, nose.bridge, 3, 0]
    height = curve(part.y, [tip - 9, tip - 5, tip, tip + 8, 0, 14, 30], ridge)
    widths = [nose.tip_width, nose.tip_width, nose.bridge_width + 1, nose.bridge_width, nose.bridge_width * 2]
    part.relief[:] += height * hump(part.x, 0, curve(part.y, [tip - 8, tip, tip + 14, 0, 25], widths))
    part.relief[:] += 9 * spot(part.side, part.y, (nose.wings - 4, tip - 1), (4.5, 5.5))


def _shape_eyes(patch: Patch, face: Face, expression: Expression) -> None:
    eyes, opened = face.eyes, expression.eyes_open
    part = patch.between(-42, 50)
    socket = spot(part.side, part.y, (eyes.apart - 2, 1), (15, 10))
    ball = spot(part.side, part.y, (eyes.apart, -0.5), (eyes.width * 0.75, 8))
    brow = spot(part.side, part.y, (26, face.brows.height - 1), (18, 6))
    part.relief[:] += (2.5 + 2.5 * opened) * ball + 3 * brow - eyes.socket * (0.6 + 0.4 * opened) * socket


def _shape_cheeks(patch: Patch, face: Face) -> None:
    nose, head = face.nose, face.head
    part = patch.between(-110, 26)
    part.relief[:] += head.cheek_bulge * spot(part.side, part.y, (40, -34), (14, 16))
    if face.skin.age:
        fold = part.side - 0.55 * (nose.line - part.y)
        part.relief[:] -= 1.5 * face.skin.age * spot(fold, part.y, (nose.wings + 6, nose.line - 10), (2.5, 16))


def _shape_mouth(patch: Patch, face: Face, expression: Expression) -> None:
    mouth, line, drop = face.mouth, face.mouth.line, expression.drop
    chin = face.head.chin - 0.6 * drop
    part = patch.between(chin - 1, line + 50)
    x, y, relief = part.x, part.y, part.relief
    relief[:] += mouth.pout * spot(x, y, (0, line + mouth.upper / 2), (mouth.width * 0.6, mouth.upper * 0.7))
    lower_lip = spot(x, y, (0, line - drop - mouth.lower / 2), (mouth.width * 0.55, mouth.lower * 0.6))
    relief[:] += mouth.pout * lower_lip + 4 * spot(x, y, (0, line - drop / 2), (mouth.width * 1.1, 16))
    relief[:] -= 3.5 * spot(x, y, (0, line - drop - mouth.lower - 6), (18, 4.5))
    relief[:] += face.head.chin_bulge * spot(x, y, (0, chin + 15), (15, 10))
    relief[:] -= spot(x, y, (0, (line + face.nose.line) / 2 - 1), (2.2, 6))
