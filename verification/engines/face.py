"""Faces in pictures, by dlib. The only importer of face_recognition; it belongs to the worker, never to a web process."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from verification.rules import Vector, distance

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "pkg_resources is deprecated")
    import face_recognition

ImageFile.LOAD_TRUNCATED_IMAGES = False  # face_recognition turns it on for the whole process, and half a picture would pass

__all__ = ["Face", "distance", "faces_in", "landmarks_in", "prominent", "template_at"]

LONGEST = 1024  # a twelve-megapixel photograph takes ten times as long and shows no other faces
PROMINENT = 0.5  # share of the largest face's area from which another face counts

Pixels = NDArray[np.uint8]
Landmarks = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Face:
    """One face: its box (top, right, bottom, left) in the bounded picture, its share of it, template and landmarks."""

    box: tuple[int, int, int, int]
    area_share: float
    template: Vector
    landmarks: Landmarks


def faces_in(image: Image.Image | Pixels) -> list[Face]:
    """Returns the faces of a picture, the largest first. The picture is looked at with at most 1024 pixels a side."""
    pixels = _bounded(image if isinstance(image, Image.Image) else Image.fromarray(image))
    boxes = face_recognition.face_locations(pixels)
    templates = face_recognition.face_encodings(pixels, boxes, num_jitters=1)
    landmarks = face_recognition.face_landmarks(pixels, boxes)
    area = pixels.shape[0] * pixels.shape[1]
    faces = [Face(box, _area(box) / area, template, marks) for box, template, marks in zip(boxes, templates, landmarks, strict=True)]
    return sorted(faces, key=lambda face: -face.area_share)


def prominent(faces: list[Face]) -> list[Face]:
    """Returns the largest face and those at least half its size: not the ghost portrait of a card, not a passer-by."""
    return [face for face in faces if face.area_share >= PROMINENT * faces[0].area_share]


def landmarks_in(pixels: Pixels) -> list[tuple[tuple[int, int, int, int], Landmarks]]:
    """Returns box and landmarks of each face in a small picture, the largest first; a tenth of the time of `faces_in`.

    The picture is not enlarged: faces under 80 pixels are not found.
    """
    boxes = sorted(face_recognition.face_locations(pixels, number_of_times_to_upsample=0), key=_area, reverse=True)
    return [(box, _steady(pixels, box)) for box in boxes]


def _steady(pixels: Pixels, box: tuple[int, int, int, int]) -> Landmarks:
    """Returns each landmark's median from three boxes: the found one is often too high for an open mouth, which then is lost."""
    top, right, bottom, left = box
    height = bottom - top
    shifts = ((0.0, 0.0), (0.05, 0.06), (0.1, 0.0))  # down, and larger all round, by shares of the height
    boxes = [
        (int(top + (down - more) * height), int(right + more * height), int(bottom + (down + more) * height), int(left - more * height))
        for down, more in shifts
    ]
    found = face_recognition.face_landmarks(pixels, boxes)
    middles = {name: np.median([marks[name] for marks in found], axis=0) for name in found[0]}
    return {name: [(int(x), int(y)) for x, y in places] for name, places in middles.items()}


def template_at(pixels: Pixels, box: tuple[int, int, int, int]) -> Vector:
    """Returns the template of the face in a box that `landmarks_in` found in these pixels."""
    (template,) = face_recognition.face_encodings(pixels, [box], num_jitters=1)
    return np.asarray(template)


def _bounded(image: Image.Image) -> Pixels:
    bounded = image.convert("RGB")
    bounded.thumbnail((LONGEST, LONGEST))
    return np.asarray(bounded)


def _area(box: tuple[int, int, int, int]) -> int:
    top, right, bottom, left = box
    return (bottom - top) * (right - left)
