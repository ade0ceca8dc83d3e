"""Faces in pictures, and who may load the library that finds them."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageFile

from demo.faces import pictures
from verification.engines import face

LOADED = "import sys; assert not {'dlib', 'face_recognition', 'verification.engines.face'} & set(sys.modules), 'dlib is loaded'"
SET_UP = "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings'; django.setup()"


@pytest.mark.parametrize("modules", ["verification.urls, verification.services, verification.queries, verification.rules", "portal.wsgi"])
def test_the_web_process_does_not_load_dlib(modules: str) -> None:
    code = f"{SET_UP}; import {modules}; {LOADED}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_largest_face_comes_first_with_all_that_is_known_of_it() -> None:
    canvas = Image.new("RGB", (900, 600), "white")
    canvas.paste(pictures.portrait("alice", size=240), (20, 300))
    canvas.paste(pictures.portrait("carol", size=480), (400, 60))
    faces = face.faces_in(canvas)
    assert len(faces) == 2
    assert faces[0].area_share > faces[1].area_share > 0
    assert faces[0].template.shape == (128,)
    assert {"left_eye", "right_eye", "nose_tip", "chin"} <= set(faces[0].landmarks)
    assert len(face.prominent(faces)) == 1
    assert face.distance(faces[0].template, faces[1].template) > 0.6


def test_a_twelve_megapixel_photo_is_looked_at_in_bounds() -> None:
    large = pictures.portrait("alice", size=480).resize((4000, 3000))
    [found] = face.faces_in(np.asarray(large))
    assert max(found.box) <= face.LONGEST


def test_no_face_is_no_error() -> None:
    assert face.faces_in(Image.new("RGB", (300, 300))) == []
    assert face.prominent([]) == []


def test_the_face_library_does_not_make_half_pictures_pass() -> None:
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
