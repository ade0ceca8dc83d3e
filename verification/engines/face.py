"""Faces in pictures, by dlib. The only importer of face_recognition; it belongs to the worker, never to a web process.

Detection looks at a bounded picture; landmarks and template are taken from the sharpest pixels that the face needs.
Only a template that somebody asks for is computed: that is half the time of a picture.
"""

import warnings
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Protocol

import dlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from verification.engines import prominence
from verification.engines.detector import STRONG, Box, Pixels, Points, Sighting, detect, quick, sightings, turned_back
from verification.engines.photo import Photo, Unreadable
from verification.rules import Vector, distance

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "pkg_resources is deprecated")
    from face_recognition import api

ImageFile.LOAD_TRUNCATED_IMAGES = False  # face_recognition turns it on for the whole process, and half a picture would pass

__all__ = ["Face", "Unreadable", "api", "compare", "detect", "distance", "faces_in", "landmarks_in", "prominent", "template_at"]

LONGEST = 1024  # boxes and landmarks are told in pixels of a picture reduced to this
SHARP = 150  # pixels of a face's side below which a finer picture is decoded, if there is one; a template sees 100 of them
REACH = 1.25  # what is cut out around a face, in sides from its centre
CLEAR = 0.5  # a detector's score from which no second opinion is asked
CLEARLY_ONE = 0.4  # the distance up to which one encoding of each face is enough
STEADY = 0.08  # how far landmarks may move, in distances of the eyes, when the box is moved
NUDGES = ((0.06, 0.0, 1.0), (-0.06, 0.0, 1.0), (0.0, 0.06, 1.0), (0.0, -0.06, 1.0), (0.0, 0.0, 1.1))  # x, y, size
_PARTS = {
    "chin": range(17),
    "left_eyebrow": range(17, 22),
    "right_eyebrow": range(22, 27),
    "nose_bridge": range(27, 31),
    "nose_tip": range(31, 36),
    "left_eye": range(36, 42),
    "right_eye": range(42, 48),
    "top_lip": (*range(48, 55), 64, 63, 62, 61, 60),
    "bottom_lip": (*range(54, 60), 48, 60, 67, 66, 65, 64),
}  # fmt: skip – the 68 points of iBUG 300-W, by face_recognition's names

Landmarks = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True, eq=False)
class Face:
    """One face: its box (top, right, bottom, left) and landmarks in the bounded picture, its share of that, its score.

    `chip` is the face turned upright and cut to 150 × 150 pixels, all that its template is made of.
    """

    box: Box
    area_share: float
    landmarks: Landmarks
    score: float
    chip: NDArray[np.uint8]

    @cached_property
    def template(self) -> Vector:
        """Returns the template of shape (128,); the first time takes as long as two detections."""
        return np.array(api.face_encoder.compute_face_descriptor(self.chip))

    @cached_property
    def steadied(self) -> Vector:
        """Returns the mean of the template and that of the mirrored face: one side's light and pose weigh less."""
        mirrored: Vector = np.array(api.face_encoder.compute_face_descriptor(np.ascontiguousarray(self.chip[:, ::-1])))
        return (self.template + mirrored) / 2


class Compared(Protocol):
    """What two faces are compared by."""

    @property
    def template(self) -> Vector:
        """From the face as it is."""

    @property
    def steadied(self) -> Vector:
        """From the face and its mirror image."""


def faces_in(source: bytes | Image.Image | Pixels) -> list[Face]:
    """Returns the plausible faces of a picture, the largest first. Raises Unreadable for bytes that are no whole picture.

    A JPEG given as bytes is decoded no finer than its faces need. A face that the detector doubts comes alone.
    """
    photo = Photo(source)
    for found in sightings(photo.at_least):
        faces = [face for each in found if (face := _face(photo, each)) is not None]
        if faces:
            return faces if faces[0].score >= STRONG else faces[:1]
    return []


def compare(one: Compared, other: Compared) -> float:
    """Returns how far two faces lie apart; unless they are clearly one person's, by their steadied templates.

    So nobody waits for two more encodings who needs none. On rendered faces it takes a fifth off the false non-matches.
    """
    apart = distance(one.template, other.template)
    return apart if apart <= CLEARLY_ONE else distance(one.steadied, other.steadied)


def prominent(faces: list[Face]) -> list[Face]:
    """Returns the largest face and those at least half its size: not the ghost portrait of a card, not a passer-by."""
    return [face for face in faces if prominence.prominent(face.area_share, faces[0].area_share)]


def landmarks_in(pixels: Pixels) -> list[tuple[Box, Landmarks]]:
    """Returns box and landmarks of each face in a frame of a film, the largest first; a tenth of the time of `faces_in`.

    The picture is not enlarged: faces under 80 pixels are not found.
    """
    return [(box, _named(_points(api.pose_predictor_68_point(pixels, _rectangle(box))))) for box in quick(pixels)]


def template_at(pixels: Pixels, box: Box) -> Vector:
    """Returns the template of the face in a box that `landmarks_in` found in these pixels."""
    shape = api.pose_predictor_68_point(pixels, _rectangle(box))
    return np.array(api.face_encoder.compute_face_descriptor(pixels, shape))


@dataclass(frozen=True, slots=True)
class _CutOut:
    """The upright surroundings of a face, and what is needed to say where in the whole picture a point of them lies."""

    pixels: Pixels
    side: float  # of the face's box, in the middle
    turn: int
    corner: tuple[int, int]
    longest: int

    def rectangle(self, x: float = 0.0, y: float = 0.0, size: float = 1.0) -> dlib.rectangle:
        """Returns the face's box, moved by shares of its side."""
        centre, half = len(self.pixels) / 2, self.side * size / 2
        across, down = centre + x * self.side, centre + y * self.side
        return dlib.rectangle(round(across - half), round(down - half), round(across + half), round(down + half))

    def in_picture(self, points: Points, longest: int) -> Points:
        """Returns the points in a whole picture of that size."""
        size = (len(self.pixels), len(self.pixels))
        whole: Points = turned_back(points, self.turn, size, size) + self.corner
        return whole * (longest / self.longest)


def _face(photo: Photo, seen: Sighting) -> Face | None:
    cut = _cut_out(photo, seen)
    shape = api.pose_predictor_68_point(cut.pixels, cut.rectangle())
    points = _points(shape)
    if not resembles_a_face(points, cut.side) or (seen.score < CLEAR and not _steady(cut, points)):
        return None
    reduced = min(1.0, LONGEST / photo.longest)
    width, height = (round(side * reduced) for side in photo.size)
    box = seen.box((width, height))
    named = _named(cut.in_picture(points, max(width, height)))
    return Face(box, _area(box) / (width * height), named, seen.score, dlib.get_face_chip(cut.pixels, shape, 150, 0.25))


def _cut_out(photo: Photo, seen: Sighting) -> _CutOut:
    picture = photo.at_least(ceil(SHARP / seen.side))
    longest = max(picture.size)
    side, half = seen.side * longest, max(8, round(seen.side * longest * REACH))
    left, top = round(seen.x * longest) - half, round(seen.y * longest) - half
    cut = picture.crop((left, top, left + 2 * half, top + 2 * half))
    if seen.turn:
        cut = cut.rotate(seen.turn, Image.Resampling.BICUBIC)
    return _CutOut(np.asarray(cut), side, seen.turn, (left, top), longest)


def resembles_a_face(points: Points, side: float) -> bool:
    """Returns whether 68 landmarks, found in a box of this side, lie as those of an upright face do.

    Eyes side by side and apart by a fifth to three quarters of the box, nose below them, mouth below the nose.
    """
    left, right, nose, mouth = (points[which].mean(axis=0) for which in (slice(36, 42), slice(42, 48), slice(31, 36), slice(48, 68)))
    apart = right - left
    between = float(np.hypot(*apart))
    if not 0.18 * side <= between <= 0.75 * side or apart[0] < 0.6 * between:
        return False
    down = np.array([-apart[1], apart[0]]) / between
    to_nose, to_mouth = (float((each - (left + right) / 2) @ down) for each in (nose, mouth))
    return 0.08 * side < to_nose < to_mouth and 0.2 * side < to_mouth < side


def _steady(cut: _CutOut, points: Points) -> bool:
    """Returns whether the predictor finds the same landmarks from boxes a little aside: on what is no face it does not."""
    between = float(np.hypot(*(points[42:48].mean(axis=0) - points[36:42].mean(axis=0))))
    again = [_points(api.pose_predictor_68_point(cut.pixels, cut.rectangle(*nudge))) for nudge in NUDGES]
    moved = np.hypot(*(np.array(again) - points).transpose(2, 0, 1)).mean()
    return bool(moved <= STEADY * between)


def _named(points: Points) -> Landmarks:
    marks = np.rint(points).astype(int)
    return {part: [(int(x), int(y)) for x, y in marks[list(which)]] for part, which in _PARTS.items()}


def _rectangle(box: Box) -> dlib.rectangle:
    top, right, bottom, left = box
    return dlib.rectangle(left, top, right, bottom)


def _points(shape: dlib.full_object_detection) -> Points:
    return np.array([(part.x, part.y) for part in shape.parts()], dtype=np.float64)


def _area(box: Box) -> int:
    top, right, bottom, left = box
    return (bottom - top) * (right - left)
