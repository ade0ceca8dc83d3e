"""What is not the face: hair, ears, neck and shirt."""

from functools import lru_cache

import numpy as np

from demo.faces.hairline import hairline
from demo.faces.head import Outline, outline
from demo.faces.identities import Face
from demo.faces.surfaces import Field, Surface, curve, flat, grain, surface

_FULL_ROUND = ("long", "bob", "afro")


@lru_cache(maxsize=16)
def body(face: Face, fineness: float) -> tuple[Surface, ...]:
    """Return hair, ears, neck and shirt; `fineness` 1 suits a picture 480 pixels high."""
    parts = [_neck(face, fineness), _shirt(face, fineness), _ear(face, fineness, -1), _ear(face, fineness, 1)]
    if face.hair.style != "bald":
        parts.append(_hair(face, fineness))
    return tuple(parts)


def _turned(y: Field, width: Field, depth: Field, angle: Field, back: float) -> Field:
    """Return the points of a round body with these rows, `back` mm behind the middle; shape (3, n, m)."""
    return np.stack(
        [
            width[:, None] * np.sin(angle),
            np.broadcast_to(y[:, None], (len(y), len(angle))),
            depth[:, None] * np.cos(angle) - back,
        ]
    ).astype(np.float32)


def _neck(face: Face, fineness: float) -> Surface:
    y = np.linspace(-60, -190, int(200 * fineness), dtype=np.float32)
    angle = np.linspace(-1.7, 1.7, int(300 * fineness), dtype=np.float32)
    width = face.head.jaw * 0.86 + 3 + np.clip(-150 - y, 0, 99) * 0.5
    points = _turned(y, width, width * 0.95, angle, 8)
    shadow = 0.45 + 0.40 * np.clip((-100 - points[1]) / 60, 0, 1)
    return surface(points, flat(face.skin.colour, points.shape[1:]) * shadow, follows_head=False)


def _shirt(face: Face, fineness: float) -> Surface:
    y = -148 - 102 * np.linspace(0, 1, int(260 * fineness), dtype=np.float32) ** np.float32(1.5)
    angle = np.linspace(-1.6, 1.6, int(640 * fineness), dtype=np.float32)
    width = 62 + 150 * np.clip((-148 - y) / 62, 0, 1) ** np.float32(0.7)
    points = _turned(y, width, width * 0.42 + 25, angle, 9)
    points[1] -= 18 * np.maximum(np.cos(angle), 0)
    return surface(points, flat(face.shirt, points.shape[1:]), follows_head=False, one_sided=False)


def _ear(face: Face, fineness: float, sign: int) -> Surface:
    rows, columns = int(140 * fineness), int(90 * fineness)
    down, round_ = np.meshgrid(np.linspace(0, np.pi, rows), np.linspace(0, 2 * np.pi, columns), indexing="ij")
    x = sign * (face.head.cheek + 1 + 7 * np.sin(down) * np.cos(round_) + 3 * np.cos(down))
    points = np.stack([x, -14 + 29 * np.cos(down), -6 + 13 * np.sin(down) * np.sin(round_)]).astype(np.float32)
    skin = flat(np.asarray(face.skin.colour) * (1, 0.86, 0.82), points.shape[1:])
    return surface(points, skin * (0.80 + 0.2 * np.cos(round_)), one_sided=False)


def _hair(face: Face, fineness: float) -> Surface:
    """Return the hair as a shell around the skull, cut off at the hairline."""
    reach = np.pi if face.hair.style in _FULL_ROUND else 2.3
    even = np.linspace(-1, 1, int(620 * fineness * reach / np.pi), dtype=np.float32)
    angle = (0.75 * even + 0.25 * even**3) * np.float32(reach)
    rng = np.random.default_rng(2000 + face.seed)
    rows = outline(face, int((640 + 6 * face.hair.volume) * fineness), grow=face.hair.volume)
    width = _falling(face, rows)
    waves = curve(angle, np.linspace(-np.pi, np.pi, 60), 3 * rng.standard_normal(60))
    edge = hairline(face.hair, np.abs(angle)) + waves
    used = slice(0, int(np.sum(rows.y > edge.min() - 2)) + 2)
    points = _turned(rows.y[used], width[used], rows.depth[used], angle, 0)
    present = points[1] > edge
    colour = flat(face.hair.colour, present.shape) * _strands(face, rng, present.shape)
    return surface(points, colour, gloss=0.15, present=present, one_sided=False)


def _falling(face: Face, rows: Outline) -> Field:
    """Return the half width of the hair, which hangs straight down where it is long."""
    if face.hair.style not in ("long", "bob"):
        return rows.width
    hanging = face.head.cheek + face.hair.volume + 4 * np.sin(rows.y / 30)
    return np.where(rows.y < 0, np.maximum(rows.width, hanging), rows.width)


def _strands(face: Face, rng: np.random.Generator, shape: tuple[int, ...]) -> Field:
    if face.hair.style == "afro":
        shine = 1 + 0.22 * grain(rng, shape, (110, 160))
    else:
        shine = 1 + 0.22 * grain(rng, shape, (10, 260)) + 0.12 * grain(rng, shape, (40, 120))
    strands: Field = np.clip(shine, 0.3, 2)
    return strands
