"""Curved sheets of points, the material every part of a person is made of, and the soft shapes drawn on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

Field: TypeAlias = npt.NDArray[np.floating[Any]]  # float32 wherever it is large
Numbers: TypeAlias = Sequence[float] | npt.NDArray[np.floating[Any]]
Mask: TypeAlias = npt.NDArray[np.bool_]
GAMMA = 2.2


class Surface(NamedTuple):
    """A sheet of n by m points in mm, with outward normals, linear colour, gloss and which points are there."""

    points: Field  # (3, n, m)
    normals: Field  # (3, n, m)
    colour: Field  # (3, n, m), linear light
    gloss: Field  # (n, m)
    present: Mask  # (n, m)
    follows_head: bool  # false for neck and shirt
    one_sided: bool  # points facing away from the camera are hidden


@dataclass(frozen=True)
class Patch:
    """Some rows of a sheet: where each point lies, and views of the sheet's relief and colours to work on."""

    x: Field  # (n, m), mm
    y: Field  # (n, 1), mm
    front: Field  # (1, m), 1 in front and 0 at the sides
    relief: Field  # (n, m), mm
    colour: Field  # (3, n, m), sRGB from 0 to 1

    @property
    def side(self) -> Field:
        """Return the distance of each point from the middle, in mm."""
        return np.abs(self.x)

    def between(self, low: float, high: float) -> "Patch":
        """Return the rows whose height is from `low` to `high` mm, sharing this patch's arrays."""
        heights = self.y[:, 0]
        rows = slice(int(np.sum(heights > high)), int(np.sum(heights >= low)))
        return Patch(self.x[rows], self.y[rows], self.front, self.relief[rows], self.colour[:, rows])

    def paint(self, colour: npt.ArrayLike, amount: Field) -> None:
        """Lay an sRGB colour (three numbers, 0 to 255) over the patch, where `amount` is 1 covering all."""
        target = np.asarray(colour, np.float32).reshape(3, 1, 1) / 255
        self.colour[:] += (target - self.colour) * amount

    def shade(self, amount: Field) -> None:
        """Darken the patch by a share of 0 to 0.8."""
        self.colour[:] *= 1 - np.clip(amount, 0, 0.8)


def inside(distance: Field, softness: float = 0.6) -> Field:
    """Return 1 where a distance to an edge is below 0, 0 where it is above, softly changing in between."""
    share: Field = 1 / (1 + np.exp(np.clip(distance / softness, -40, 40)))
    return share


def hump(x: Field, middle: float | Field, width: float | Field) -> Field:
    """Return a bell curve of height 1."""
    bell: Field = np.exp(-0.5 * ((x - middle) / width) ** 2)
    return bell


def spot(x: Field, y: Field, at: tuple[float, float], size: tuple[float, float]) -> Field:
    """Return a round bell of height 1; cheap where `y` is a column."""
    return hump(x, at[0], size[0]) * hump(y, at[1], size[1])


def curve(x: Field, knots: Numbers, values: Numbers) -> Field:
    """Return straight lines through the knots."""
    return np.interp(x, knots, values).astype(np.float32)


def grain(rng: np.random.Generator, shape: tuple[int, ...], cells: tuple[int, int]) -> Field:
    """Return smooth noise of about unit strength with so many cells down and across."""
    coarse = rng.standard_normal(cells).astype(np.float32)
    enlarged = Image.fromarray(coarse).resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
    return np.asarray(enlarged)


def flat(colour: npt.ArrayLike, shape: tuple[int, ...]) -> Field:
    """Return an sRGB colour (0 to 255) spread over a sheet, shape (3, n, m), from 0 to 1."""
    one = np.asarray(colour, np.float32).reshape(3, 1, 1) / 255
    return np.broadcast_to(one, (3, *shape)).copy()


def surface(
    points: Field,
    colour: Field,
    *,
    gloss: Field | float = 0.0,
    present: Mask | None = None,
    follows_head: bool = True,
    one_sided: bool = True,
) -> Surface:
    """Return the finished sheet: normals computed, colours made linear, arrays frozen so that it can be cached."""
    shape = points.shape[1:]
    whole = np.ones(shape, np.bool_) if present is None else present
    shine = np.broadcast_to(np.asarray(gloss, np.float32), shape)
    linear = np.clip(colour, 0, 1.2) ** np.float32(GAMMA)
    made = Surface(points, _normals(points), linear, shine, whole, follows_head, one_sided)
    for array in made[:5]:
        array.setflags(write=False)
    return made


def _normals(points: Field) -> Field:
    across = np.gradient(points, axis=2)
    down = -np.gradient(points, axis=1)
    normal = np.stack(
        [
            across[1] * down[2] - across[2] * down[1],
            across[2] * down[0] - across[0] * down[2],
            across[0] * down[1] - across[1] * down[0],
        ]
    )
    length = np.sqrt(np.einsum("cij,cij->ij", normal, normal))
    return np.asarray(normal / (length + np.float32(1e-6)), np.float32)
