"""The colours of a face's skin: complexion, shadows in the hollows, beard, brows, and hair where it meets the skin."""

import numpy as np

from demo.faces.features import paint_eyes, paint_mouth, ruddy
from demo.faces.hairline import hairline
from demo.faces.head import Expression, face_angles, face_patch
from demo.faces.identities import Face
from demo.faces.surfaces import Field, Patch, Surface, flat, grain, inside, spot, surface

_SUNK_SCALP = 7.0  # mm that the skin lies back under the hair, so that it never shows through


def face_surface(face: Face, expression: Expression, shape: tuple[int, int]) -> Surface:
    """Return the painted front of the head as a sheet of the given number of rows and columns."""
    patch, depth = face_patch(face, expression, shape)
    rng = np.random.default_rng(1000 + face.seed)
    patch.colour[:] = flat(face.skin.colour, shape)
    _paint_complexion(patch, face, rng)
    _shade_hollows(patch, face, expression)
    _paint_nostrils(patch, face)
    _paint_beard(patch, face, expression, rng)
    paint_mouth(patch, face, expression)
    opening = paint_eyes(patch, face, expression)
    _paint_brows(patch, face, rng)
    depth -= _SUNK_SCALP * _paint_scalp(patch, face, rng)
    points = np.stack([patch.x, np.broadcast_to(patch.y, shape), depth])
    return surface(points, patch.colour, gloss=0.25 * patch.front * (1 - opening))


def _paint_complexion(patch: Patch, face: Face, rng: np.random.Generator) -> None:
    shape = patch.x.shape
    mottle = 0.030 * grain(rng, shape, (14, 12)) + 0.020 * grain(rng, shape, (60, 50))
    patch.colour[:] *= 1 + mottle + 0.018 * grain(rng, shape, (300, 260))
    freckles = np.clip(grain(rng, shape, (190, 160)) - 1.1, 0, 1)
    cheeks = spot(patch.side, patch.y, (40, -38), (15, 14))
    tip = spot(patch.x, patch.y, (0, face.nose.line), (11, 9))
    patch.paint(ruddy(face), face.skin.blush * (cheeks + 0.7 * tip) * patch.front)
    if face.skin.freckles:
        cover = freckles * spot(patch.side, patch.y, (22, -28), (26, 18)) * face.skin.freckles
        patch.paint(ruddy(face) * 0.7, np.clip(cover, 0, 1))


def _shade_hollows(patch: Patch, face: Face, expression: Expression) -> None:
    _shade_around_eyes(patch.between(-30, 40), face, expression)
    _shade_around_nose(patch.between(face.nose.line - 20, face.nose.line + 20), face)
    _shade_around_mouth(patch.between(face.mouth.line - 50, face.mouth.line + 20), face, expression)
    if face.skin.age:
        _shade_folds(patch.between(face.mouth.line - 25, face.nose.line + 5), face)
    if face.skin.age > 0.5:
        _shade_forehead(patch.between(35, 70), face)


def _shade_around_eyes(part: Patch, face: Face, expression: Expression) -> None:
    apart = face.eyes.apart
    corner = 0.30 * spot(part.side, part.y, (apart - 12, 4), (7, 8))
    lid = 0.22 * spot(part.side, part.y, (apart, 9), (14, 4))
    bag = 0.5 * face.eyes.bag * spot(part.side, part.y, (apart - 2, -12), (11, 3))
    part.shade(((0.4 + 0.6 * expression.eyes_open) * (corner + lid) + bag) * part.front)


def _shade_around_nose(part: Patch, face: Face) -> None:
    wings, line = face.nose.wings, face.nose.line
    beside = 0.35 * spot(part.side, part.y, (wings + 2.5, line - 2), (2.2, 5))
    below = 0.16 * spot(part.x, part.y, (0, line - 10), (11, 2.5))
    part.shade((beside + below) * part.front)


def _shade_around_mouth(part: Patch, face: Face, expression: Expression) -> None:
    mouth = face.mouth
    under = 0.30 * spot(part.x, part.y, (0, mouth.line - expression.drop - mouth.lower - 4), (14, 3))
    corners = 0.25 * spot(part.side, part.y, (mouth.width + 2, mouth.line + mouth.smile * 2), (3, 4))
    part.shade((under + corners) * part.front)


def _shade_folds(part: Patch, face: Face) -> None:
    """Shade the two lines from the nose's wings to the corners of the mouth."""
    line = face.nose.line
    at = face.nose.wings + 4 + 0.55 * np.clip(line - part.y, -4, 40)
    fold = np.exp(-(((part.side - at) / 1.8) ** 2))
    reach = inside(part.y - line) * inside(face.mouth.line - 4 - part.y, 4)
    part.shade(0.35 * face.skin.age * fold * reach * part.front)


def _shade_forehead(part: Patch, face: Face) -> None:
    for height in (44, 52, 60):
        line = np.exp(-(((part.y - height - 2 * np.cos(part.x / 14)) / 1.1) ** 2))
        part.shade(0.12 * face.skin.age * line * spot(part.x, part.y, (0, height), (26, 9)) * part.front)


def _paint_nostrils(patch: Patch, face: Face) -> None:
    wings, line = face.nose.wings, face.nose.line
    part = patch.between(line - 16, line + 2)
    holes = 1.2 * spot(part.side, part.y, (wings * 0.48, line - 7.2), (wings * 0.17, 1.5))
    part.paint(ruddy(face) * 0.30, 0.75 * np.clip(holes, 0, 1) * part.front)


def _paint_beard(patch: Patch, face: Face, expression: Expression, rng: np.random.Generator) -> None:
    """Paint beard and moustache as far as the person has them; the lips stay free."""
    hair, line = face.hair, face.mouth.line
    streaks = 1 + 0.35 * grain(rng, patch.x.shape, (110, 300))
    if not (hair.beard or hair.moustache):
        return
    side, y = patch.side, patch.y
    below_lip = inside(side - 13, 3) * inside(np.abs(y - (line - expression.drop - 9)) - 3, 2)
    beard = inside(y - (line + 4 + np.clip(side - 28, 0, 60) * 0.9), 4) * (1 - 0.9 * below_lip)
    above_lip = inside(np.abs(y - (line + face.nose.line) / 2 + 4 + side * 0.18) - 5.5, 1.6)
    moustache = above_lip * inside(side - face.mouth.width - 3, 2)
    cover = (beard * hair.beard + moustache * hair.moustache) * streaks
    patch.paint(hair.colour, np.clip(cover, 0, 0.95) * patch.front)


def _paint_brows(patch: Patch, face: Face, rng: np.random.Generator) -> None:
    brows = face.brows
    streaks = 1 + 0.3 * grain(rng, patch.x.shape, (150, 260))
    part = patch.between(brows.height - 25, brows.height + 25)
    along = (part.side - brows.inner) / (brows.outer - brows.inner)
    rise = brows.arch * (1 - ((along - 0.62) / 0.62) ** 2) + brows.tilt * (along - 0.5) * 4
    half = brows.thickness * np.clip(1.05 - 0.75 * np.clip(along, 0, 1) ** 2, 0.15, 2) * 0.5
    shape = inside(np.abs(part.y - brows.height - rise) - half, 0.7) * inside(-along, 0.05) * inside(along - 1, 0.05)
    first = int(np.sum(patch.y > brows.height + 25))
    cover = shape * brows.density * streaks[first : first + len(part.y)]
    part.paint(np.asarray(face.hair.colour) * 0.8, np.clip(cover, 0, 1) * part.front)


def _paint_scalp(patch: Patch, face: Face, rng: np.random.Generator) -> Field:
    """Paint the hair's colour on the skin under the hair; return how far each point is covered, 0 to 1."""
    if face.hair.style == "bald":
        return np.zeros_like(patch.x)
    edge = hairline(face.hair, np.abs(face_angles(patch.x.shape[1])))[None]
    covered = inside(edge - 3 - patch.y, 2.5)
    patch.paint(face.hair.colour, 0.9 * covered)
    patch.shade(0.1 * covered * np.abs(grain(rng, patch.x.shape, (8, 220))))
    return inside(edge + 4 - patch.y, 1.5)
