"""Faces in pictures, and who may load the library that finds them."""

import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path

import dlib
import numpy as np
import pytest
from PIL import Image, ImageFile

from demo.faces import pictures
from verification.engines import detector, face
from verification.engines.detector import Points
from verification.engines.photo import Photo
from verification.rules import Vector

LOADED = "import sys; assert not {'dlib', 'face_recognition', 'verification.engines.face'} & set(sys.modules), 'dlib is loaded'"
SET_UP = "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings'; django.setup()"
GREEN = (90, 120, 90)


@cache
def alice() -> Image.Image:
    """Returns a portrait."""
    return pictures.portrait("alice", size=320)


@cache
def own() -> Vector:
    """Returns the template of the portrait."""
    [found] = face.faces_in(alice())
    return found.template


def on_canvas(size: tuple[int, int], *pasted: tuple[Image.Image, tuple[int, int]]) -> Image.Image:
    """Returns a green picture with others on it."""
    canvas = Image.new("RGB", size, GREEN)
    for picture, place in pasted:
        canvas.paste(picture, place)
    return canvas


def png(picture: Image.Image) -> bytes:
    """Returns the picture as a PNG file."""
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def exif_turned(picture: Image.Image, orientation: int) -> bytes:
    """Returns a JPEG whose EXIF says how it was held."""
    exif, file = Image.Exif(), BytesIO()
    exif[0x0112] = orientation
    picture.save(file, "JPEG", exif=exif, quality=92)
    return file.getvalue()


@pytest.mark.parametrize("modules", ["verification.urls, verification.services, verification.queries, verification.rules", "portal.wsgi"])
def test_the_web_process_does_not_load_dlib(modules: str) -> None:
    code = f"{SET_UP}; import {modules}; {LOADED}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_detection_alone_loads_no_models() -> None:
    code = "import sys, verification.engines.detector; assert not {'face_recognition', 'face_recognition_models'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_largest_face_comes_first_with_all_that_is_known_of_it() -> None:
    canvas = on_canvas((900, 600), (pictures.portrait("alice", size=240), (20, 300)), (pictures.portrait("carol", size=480), (400, 60)))
    faces = face.faces_in(canvas)
    assert len(faces) == 2
    assert faces[0].area_share > faces[1].area_share > 0
    assert faces[0].template.shape == (128,)
    assert {"left_eye", "right_eye", "nose_tip", "chin"} <= set(faces[0].landmarks)
    assert len(face.prominent(faces)) == 1
    assert face.distance(faces[0].template, faces[1].template) > 0.6


def test_only_a_template_that_is_asked_for_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(face.Face.template, "func", lambda one: asked.append(one) or np.zeros(128))  # type: ignore[func-returns-value]
    first, _second = face.faces_in(on_canvas((640, 320), (alice(), (0, 0)), (alice(), (320, 0))))
    assert asked == []
    assert first.template is first.template
    assert asked == [first]


def test_template_and_landmarks_are_those_of_the_library() -> None:
    pixels = np.asarray(alice())
    [box] = face.api.face_locations(pixels)
    [theirs] = face.api.face_encodings(pixels, [box], model="large")
    [marks] = face.api.face_landmarks(pixels, [box])
    [found] = face.faces_in(alice())
    assert face.distance(found.template, theirs) < 0.15
    assert {part: len(points) for part, points in found.landmarks.items()} == {part: len(points) for part, points in marks.items()}
    moved = [np.subtract(found.landmarks[part], points) for part, points in marks.items()]
    assert np.abs(np.concatenate(moved)).max() <= 6


def test_a_twelve_megapixel_photo_is_looked_at_in_bounds() -> None:
    large = alice().resize((4000, 3000))
    [found] = face.faces_in(np.asarray(large))
    assert max(found.box) <= face.LONGEST


def test_a_twelve_megapixel_jpeg_is_decoded_no_finer_than_its_face_needs() -> None:
    photo = Photo(pictures.jpeg(alice().resize((4000, 3000))))
    assert photo.at_least(800).size == (1000, 750)
    assert photo.size == (4000, 3000)
    assert photo.at_least(2000).size == (2000, 1500)
    assert photo.at_least(9000).size == (4000, 3000)


def test_a_small_face_in_a_large_picture_is_found_and_read_from_its_sharpest_pixels() -> None:
    file = pictures.jpeg(on_canvas((4000, 3000), (alice(), (2200, 900))))
    [found] = face.faces_in(file)
    assert found.box[1] - found.box[3] < 50, "in the bounded picture it is too small to tell anybody"
    assert face.distance(found.template, own()) < 0.2


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photograph_is_turned_as_its_exif_says(orientation: int) -> None:
    turned = alice().rotate({3: 180, 6: 90, 8: -90}[orientation], expand=True)
    [found] = face.faces_in(exif_turned(turned, orientation))
    [upright] = face.faces_in(alice())
    assert np.abs(np.subtract(found.box, upright.box)).max() <= 4
    assert face.distance(found.template, own()) < 0.2


@pytest.mark.parametrize("degrees", [15, 40, 90, 180, 270])
def test_a_face_that_lies_askew_is_found_and_told_where_it_is(degrees: int) -> None:
    turned = alice().rotate(degrees, expand=True, fillcolor=pictures.GREY_WALL)
    [found] = face.faces_in(turned)
    assert face.distance(found.template, own()) < 0.35
    left, right = (np.mean(found.landmarks[eye], axis=0) for eye in ("left_eye", "right_eye"))
    across, down = right - left
    assert abs((np.degrees(np.arctan2(-down, across)) - degrees + 180) % 360 - 180) < 8
    top, east, bottom, west = found.box
    assert west < left[0] < east
    assert top < left[1] < bottom


def test_a_face_that_leaves_no_margin_is_found() -> None:
    [whole] = face.faces_in(alice())
    top, right, bottom, left = whole.box
    [found] = face.faces_in(alice().crop((left + 6, top + 2, right - 6, bottom - 2)))
    assert face.distance(found.template, own()) < 0.45


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("grey", lambda: png(alice().convert("L"))),
        ("with transparency", lambda: png(alice().convert("RGBA"))),
        ("sixteen bits", lambda: png(Image.fromarray(np.asarray(alice().convert("L"), np.uint16) * 257))),
        ("palette", lambda: png(alice().quantize(200))),
        ("four colours of print", lambda: pictures.jpeg(alice().convert("CMYK"))),
        ("a hundred pixels", lambda: alice().resize((100, 100), Image.Resampling.LANCZOS)),
        ("dark", lambda: alice().point(lambda value: value * 0.15)),
    ],
)
def test_whatever_the_picture_is_made_of_the_face_is_the_same(kind: str, source: object) -> None:
    [found] = face.faces_in(source())  # type: ignore[operator]
    assert face.distance(found.template, own()) < 0.35, kind


def test_no_face_is_no_error() -> None:
    assert face.faces_in(Image.new("RGB", (300, 300))) == []
    assert face.prominent([]) == []


@pytest.mark.parametrize("file", [b"", b"no picture", b"\xff\xd8\xff\xe0 half", png(Image.new("RGB", (40, 40)))[:-30]])
def test_what_is_no_whole_picture_is_unreadable(file: bytes) -> None:
    with pytest.raises(face.Unreadable):
        face.faces_in(file)


def test_a_picture_without_a_face_is_looked_at_a_stated_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    list(detector.sightings(lambda longest: looks.append(longest) or Image.new("RGB", (64, 48))))  # type: ignore[func-returns-value]
    assert len(looks) == len(detector.LOOKS) == 8


def test_detection_alone_gives_boxes_in_the_pixels_given() -> None:
    boxes = detector.detect(np.asarray(on_canvas((1500, 1000), (alice(), (100, 500)), (alice().resize((640, 640)), (800, 100)))))
    assert len(boxes) == 2
    for (top, right, bottom, left), (x, y) in zip(boxes, [(1120, 420), (260, 660)], strict=True):
        assert left < x < right
        assert top < y < bottom
    assert boxes == sorted(boxes, key=lambda box: box[3] - box[1])
    assert detector.detect(np.zeros((80, 80), np.uint8)) == []


@cache
def landmarks() -> tuple[Points, float]:
    """Returns the 68 landmarks of the portrait and the side of its face."""
    pixels = np.asarray(alice())
    box = dlib.get_frontal_face_detector()(pixels)[0]
    return np.array([(part.x, part.y) for part in face.api.pose_predictor_68_point(pixels, box).parts()], np.float64), float(box.width())


def test_the_landmarks_of_a_face_resemble_a_face() -> None:
    assert face.resembles_a_face(*landmarks())


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("the mouth above the eyes", lambda points: points * (1, -1)),
        ("the eyes crossed over", lambda points: points * (-1, 1)),
        ("all in one spot", lambda points: points * 0.1),
        ("wider than its box", lambda points: points * (2.5, 1)),
        ("flat", lambda points: points * (1, 0.1)),
        ("on its side", lambda points: points[:, ::-1]),
    ],
)
def test_what_does_not_lie_as_a_face_does_is_no_face(what: str, spoil: object) -> None:
    points, side = landmarks()
    assert not face.resembles_a_face(spoil(points), side), what  # type: ignore[operator]


def test_a_detection_on_what_is_no_face_is_dropped_and_the_search_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A faint false detection, larger than the face, at the first look: neither is it taken, nor does it end the search."""
    canvas = on_canvas((640, 480), (alice(), (300, 100)))
    noise = np.random.default_rng(3).integers(0, 255, (280, 280, 3), dtype=np.uint8)
    canvas.paste(Image.fromarray(noise), (10, 100))
    ghost = detector.Sighting(x=150 / 640, y=240 / 640, side=200 / 640, score=0.1)
    real = list(detector.sightings(lambda _longest: canvas))
    monkeypatch.setattr(face, "sightings", lambda _at_least: iter([[ghost], *real]))
    [found] = face.faces_in(canvas)
    assert face.distance(found.template, own()) < 0.2


def test_the_face_library_does_not_make_half_pictures_pass() -> None:
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_file_of_a_bomb_is_unreadable(tmp_path: Path) -> None:
    header = b"BM" + bytes(8) + (54).to_bytes(4, "little") + (40).to_bytes(4, "little")
    header += (60_000).to_bytes(4, "little") * 2 + (1).to_bytes(2, "little") + (24).to_bytes(2, "little") + bytes(24)
    with pytest.raises(face.Unreadable):
        face.faces_in(header)
