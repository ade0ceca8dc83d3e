"""The camera: poses a person, lights the sheets and lays their points into a picture, the nearest on top."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from demo.faces.body import body
from demo.faces.head import Expression
from demo.faces.identities import Colour, Face
from demo.faces.paint import face_surface
from demo.faces.surfaces import GAMMA, Field, Mask, Surface

_FACE_ROWS, _FACE_COLUMNS = 700, 440  # points of the face sheet in a picture 480 pixels high
_FRAME_MM, _HEAD_SHARE = 230.0, 0.66  # a height of 230 mm takes this share of the picture
_CAMERA_MM = 1000.0  # from the head's middle to the lens
_OVERSAMPLING = 2
_SENSOR_NOISE = 1.6


@dataclass(frozen=True)
class Light:
    """A lamp's direction in degrees (azimuth to the picture's right, elevation up), strength, and light all round."""

    azimuth: float = -25.0
    elevation: float = 30.0
    strength: float = 1.0
    ambient: float = 0.45


class Pose(NamedTuple):
    """Degrees: positive yaw turns the nose to the picture's right, positive pitch lowers it."""

    yaw: float = 0.0
    pitch: float = 0.0


@dataclass(frozen=True)
class Shot:
    """All that a picture depends on besides the person; `size` is (width, height) in pixels."""

    pose: Pose
    expression: Expression
    light: Light
    size: tuple[int, int]
    background: Colour


class _Samples(NamedTuple):
    """Points in the oversampled picture: pixel number, nearness in mm, and linear colour (3, k)."""

    pixel: npt.NDArray[np.int32]
    near: Field
    colour: Field


def picture(face: Face, shot: Shot, frame: int = 0) -> Image.Image:
    """Return the picture; another `frame` has the same scene under other sensor noise."""
    clean = scene(face, shot)
    noise = np.random.default_rng([5 + face.seed, frame]).standard_normal(clean.shape, np.float32)
    pixels = np.clip(clean + _SENSOR_NOISE * noise, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(shot.size[1] / 480 * 0.6))


def mm_in_px(height: int) -> float:
    """Return how many pixels a mm in the head's middle takes in a picture of this height."""
    return height * _HEAD_SHARE / _FRAME_MM


@lru_cache(maxsize=24)
def scene(face: Face, shot: Shot) -> Field:
    """Return the picture without noise, sRGB from 0 to 255, shape (height, width, 3)."""
    width, height = shot.size
    shape = (height * _OVERSAMPLING, width * _OVERSAMPLING)
    seen = [_samples(sheet, shot, shape) for sheet in _sheets(face, shot)]
    canvas, hit = _nearest_on_top(_joined(seen), _backdrop(shot.background, shape), shape)
    _fill_pinholes(canvas, hit)
    rows = canvas.reshape(3, height, _OVERSAMPLING, width * _OVERSAMPLING).sum(2)
    small = rows.reshape(3, height, width, _OVERSAMPLING).sum(3) / np.float32(_OVERSAMPLING**2)
    exposed: Field = np.clip(small, 0, 1) ** np.float32(1 / GAMMA) * 255
    return np.ascontiguousarray(exposed.transpose(1, 2, 0))


def _sheets(face: Face, shot: Shot) -> tuple[Surface, ...]:
    fineness = shot.size[1] / 480
    return (_face_sheet(face, shot.expression, fineness), *body(face, fineness))


@lru_cache(maxsize=12)
def _face_sheet(face: Face, expression: Expression, fineness: float) -> Surface:
    return face_surface(face, expression, (int(_FACE_ROWS * fineness), int(_FACE_COLUMNS * fineness)))


def _samples(sheet: Surface, shot: Shot, shape: tuple[int, int]) -> _Samples:
    """Return the sheet's visible points as they fall into a picture of `shape` (rows, columns)."""
    points, normals = sheet.points, sheet.normals
    if sheet.follows_head:
        turn = _rotation(shot.pose)
        points, normals = _turned(turn, points), _turned(turn, normals)
    seen = sheet.present & (normals[2] > -0.2) if sheet.one_sided else sheet.present
    if not sheet.one_sided:
        normals = np.where(normals[2] < 0, -normals, normals)
    colour = _lit(sheet, normals, shot.light)
    scale = mm_in_px(shape[0]) * _CAMERA_MM / (_CAMERA_MM - points[2])
    column = shape[1] / 2 + points[0] * scale
    row = shape[0] / 2 - (points[1] + 6) * scale
    return _in_frame(_denser(np.concatenate([[column, row, points[2]], colour])), _denser_mask(seen), shape)


def _rotation(pose: Pose) -> Field:
    yaw, pitch = np.radians(pose.yaw), np.radians(pose.pitch)
    about_y = [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]]
    about_x = [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    return (np.array(about_x) @ np.array(about_y)).astype(np.float32)


def _turned(turn: Field, vectors: Field) -> Field:
    """Return the rotated vectors, shape (3, n, m); a matrix product of so small a matrix takes five times as long."""
    x, y, z = vectors
    return np.stack([a * x + b * y + c * z for a, b, c in turn])


def _lit(sheet: Surface, normals: Field, light: Light) -> Field:
    """Return the light each point sends to the camera, shape (3, n, m)."""
    lamp = _lamp(light)
    halfway = lamp + np.array([0, 0, 1], np.float32)
    halfway /= np.linalg.norm(halfway)
    diffuse = np.clip((np.einsum("a,aij->ij", lamp, normals) + 0.25) / 1.25, 0, 1)
    ambient = light.ambient * (0.775 + 0.225 * normals[1])
    shine = np.clip(np.einsum("a,aij->ij", halfway, normals), 0, 1) ** 22
    lit: Field = sheet.colour * (light.strength * diffuse + ambient) + 0.18 * sheet.gloss * shine
    return lit


def _lamp(light: Light) -> Field:
    azimuth, elevation = np.radians(light.azimuth), np.radians(light.elevation)
    flat = np.cos(elevation)
    return np.array([np.sin(azimuth) * flat, np.sin(elevation), np.cos(azimuth) * flat], np.float32)


def _denser(grid: Field) -> Field:
    """Return a (c, n, m) grid with the midpoints put in, shape (c, 2n - 1, 2m - 1)."""
    c, n, m = grid.shape
    fine = np.empty((c, 2 * n - 1, 2 * m - 1), np.float32)
    fine[:, ::2, ::2] = grid
    fine[:, ::2, 1::2] = (grid[:, :, 1:] + grid[:, :, :-1]) * np.float32(0.5)
    fine[:, 1::2] = (fine[:, 2::2] + fine[:, :-2:2]) * np.float32(0.5)
    return fine


def _denser_mask(mask: Mask) -> Mask:
    """Return the mask with midpoints put in, which are there only between points that are."""
    n, m = mask.shape
    fine = np.empty((2 * n - 1, 2 * m - 1), np.bool_)
    fine[::2, ::2] = mask
    fine[::2, 1::2] = mask[:, 1:] & mask[:, :-1]
    fine[1::2] = fine[2::2] & fine[:-2:2]
    return fine


def _in_frame(values: Field, seen: Mask, shape: tuple[int, int]) -> _Samples:
    column, row = values[0].astype(np.int32), values[1].astype(np.int32)
    seen &= (column >= 0) & (column < shape[1]) & (row >= 0) & (row < shape[0])
    chosen = np.flatnonzero(seen)
    pixel = (row * np.int32(shape[1]) + column).ravel()[chosen]
    flat = values.reshape(6, -1)
    return _Samples(pixel, flat[2].take(chosen), flat[3:].take(chosen, axis=1))


def _joined(seen: list[_Samples]) -> _Samples:
    return _Samples(
        np.concatenate([samples.pixel for samples in seen]),
        np.concatenate([samples.near for samples in seen]),
        np.concatenate([samples.colour for samples in seen], axis=1),
    )


def _backdrop(colour: Colour, shape: tuple[int, int]) -> Field:
    """Return a plain wall, a little lighter at the top; linear, shape (3, rows, columns)."""
    linear = (np.asarray(colour, np.float32) / 255) ** np.float32(GAMMA)
    fade = np.linspace(1.12, 0.82, shape[0], dtype=np.float32)
    return np.broadcast_to(linear[:, None, None] * fade[:, None], (3, *shape)).copy()


def _nearest_on_top(samples: _Samples, backdrop: Field, shape: tuple[int, int]) -> tuple[Field, Mask]:
    """Return the backdrop with the nearest sample in each pixel, and which pixels got one."""
    nearest = np.full(shape[0] * shape[1], -np.inf, np.float32)
    np.maximum.at(nearest, samples.pixel, samples.near)
    order = np.flatnonzero(nearest[samples.pixel] == samples.near)
    winner = np.full(shape[0] * shape[1], -1, np.int32)
    winner[samples.pixel[order]] = order
    hit = np.flatnonzero(winner >= 0)
    canvas = backdrop.reshape(3, -1)
    for channel, light in zip(canvas, samples.colour, strict=True):
        channel[hit] = light[winner[hit]]
    return canvas.reshape(3, *shape), (winner >= 0).reshape(shape)


def _fill_pinholes(canvas: Field, hit: Mask) -> None:
    """Give each missed pixel with three or four hit neighbours their average, twice over."""
    for _ in range(2):
        inner = hit[1:-1, 1:-1]
        around = (hit[:-2, 1:-1], hit[2:, 1:-1], hit[1:-1, :-2], hit[1:-1, 2:])
        count = sum(side.astype(np.int8) for side in around)
        rows, columns = np.nonzero(~inner & (count >= 3))
        rows, columns = rows + 1, columns + 1
        spots = ((rows - 1, columns), (rows + 1, columns), (rows, columns - 1), (rows, columns + 1))
        total = sum(canvas[:, r, c] * hit[r, c] for r, c in spots)
        canvas[:, rows, columns] = total / sum(hit[r, c].astype(np.float32) for r, c in spots)
        hit[rows, columns] = True
