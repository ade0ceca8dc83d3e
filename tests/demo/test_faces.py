"""The rendered people: found as faces, told apart, moving as asked, and printed on documents that add up."""

from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import face_recognition
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from demo.faces import clips, documents, mrz, paper, pictures
from demo.faces.identities import CAST
from verification.engines.challenge import Action, Challenge, Move

SIZE = 240
Points = npt.NDArray[np.float64]


def encodings(image: Image.Image) -> list[Points]:
    """Return one encoding for each face found."""
    pixels = np.asarray(image)
    return list(face_recognition.face_encodings(pixels, face_recognition.face_locations(pixels)))


@cache
def own(name: str) -> Points:
    """Return the encoding of the person's plain portrait."""
    (encoding,) = encodings(pictures.portrait(name, size=320))
    return encoding


def nearest(encoding: Points) -> tuple[str, float]:
    """Return who of the cast is nearest, and how far away."""
    distances = {name: float(np.linalg.norm(encoding - own(name))) for name in CAST}
    name = min(distances, key=distances.__getitem__)
    return name, distances[name]


def landmarks(name: str, **variant: Any) -> dict[str, Points]:
    """Return the landmarks' places in a portrait, in pixels; smaller pictures find an open mouth less surely."""
    (found,) = face_recognition.face_landmarks(np.asarray(pictures.portrait(name, size=480, **variant)))
    return {feature: np.array(points, float) for feature, points in found.items()}


def eye_opening(marks: dict[str, Points]) -> float:
    """Return the mean of both eyes' height by width."""
    ratios = [
        (np.linalg.norm(eye[1] - eye[5]) + np.linalg.norm(eye[2] - eye[4])) / (2 * np.linalg.norm(eye[0] - eye[3]))
        for eye in (marks["left_eye"], marks["right_eye"])
    ]
    return float(np.mean(ratios))


def mouth_gap(marks: dict[str, Points]) -> float:
    """Return the gap between the lips by the mouth's width."""
    upper, lower = marks["top_lip"], marks["bottom_lip"]
    return float(np.linalg.norm(upper[9] - lower[9]) / np.linalg.norm(upper[0] - upper[6]))


def nose_place(marks: dict[str, Points]) -> float:
    """Return where the nose's tip is between the jaw's ends: 0 at the picture's left, 1 at its right."""
    left, right = marks["chin"][0, 0], marks["chin"][-1, 0]
    return float((marks["nose_tip"][2, 0] - left) / (right - left))


@pytest.mark.parametrize("name", CAST)
def test_a_person_turned_a_little_is_found_and_nearest_to_their_own_portrait(name: str) -> None:
    (encoding,) = encodings(pictures.portrait(name, size=SIZE, yaw=10, light=pictures.FROM_RIGHT))
    who, distance = nearest(encoding)
    assert who == name
    assert distance < 0.5


def test_any_two_people_lie_apart() -> None:
    pairs = [(one, other) for one in CAST for other in CAST if one < other]
    assert min(np.linalg.norm(own(one) - own(other)) for one, other in pairs) > 0.6


def test_the_same_arguments_give_the_same_pixels() -> None:
    first = pictures.portrait("alice", size=96, yaw=5)
    pictures._taken.cache_clear()
    again = pictures.portrait("alice", size=96, yaw=5)
    assert first.tobytes() == again.tobytes()


def test_another_frame_differs_by_noise_alone() -> None:
    first, second = (np.asarray(pictures.portrait("bob", size=96, frame=frame), float) for frame in (0, 1))
    assert 0 < np.abs(first - second).mean() < 3


def test_drawing_on_a_portrait_leaves_the_next_one_alone() -> None:
    before = pictures.portrait("bob", size=96)
    pictures.portrait("bob", size=96).paste((0, 0, 0), (0, 0, 96, 96))
    assert pictures.portrait("bob", size=96).tobytes() == before.tobytes()


@pytest.mark.parametrize("name", ["alice", "dana"])
def test_a_blink_closes_the_eyes(name: str) -> None:
    assert eye_opening(landmarks(name)) >= 0.28
    assert eye_opening(landmarks(name, eyes_open=0.0)) <= 0.22


@pytest.mark.parametrize("name", ["bob", "carol"])
def test_an_open_mouth_has_a_gap(name: str) -> None:
    assert mouth_gap(landmarks(name)) < 0.15
    assert mouth_gap(landmarks(name, mouth_open=1.0)) > 0.25


@pytest.mark.parametrize("name", ["alice", "frank"])
def test_yaw_moves_the_nose_to_the_picture_s_right(name: str) -> None:
    places = [nose_place(landmarks(name, yaw=yaw)) for yaw in (-25, 0, 25)]
    assert places[0] < 0.3 < 0.45 < places[1] < 0.55 < 0.7 < places[2]


def test_a_stranger_has_a_face_that_is_not_exactly_anybody_s() -> None:
    (encoding,) = encodings(pictures.stranger(1, size=SIZE))
    assert nearest(encoding)[1] > 0.3
    assert pictures.stranger(1, size=96).tobytes() != pictures.stranger(2, size=96).tobytes()


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError):
        pictures.portrait("mallory")


def test_a_clip_holds_each_picture_as_long_as_chromium_needs(tmp_path: Path) -> None:
    path = clips.camera_clip(tmp_path / "clip.mjpeg", "carol", script=("front", "blink"), size=(160, 120), fps=10)
    parts = [b"\xff\xd8\xff" + part for part in path.read_bytes().split(b"\xff\xd8\xff")[1:]]
    assert len(parts) == 2 * 6 * 3
    assert all(parts[start] == parts[start + 1] == parts[start + 2] for start in range(0, len(parts), 3))
    for part in parts[::3]:
        with Image.open(BytesIO(part)) as image:
            image.load()
            assert image.size == (160, 120)


def test_a_clip_s_last_frame_joins_its_first() -> None:
    shown = [np.asarray(image, float) for image in clips.frames("dana", script=("turn_left",), size=(160, 120))]
    assert np.abs(shown[0] - shown[-1]).mean() < 3
    assert np.abs(shown[0] - shown[len(shown) // 2]).mean() > 4


def test_a_challenge_s_clip_moves_when_the_page_asks(tmp_path: Path) -> None:
    moves = (Move(Action.TURN_LEFT, 1800, 1300), Move(Action.BLINK, 1800, 1300), Move(Action.OPEN_MOUTH, 1800, 1300))
    path = clips.challenge_clip(tmp_path / "clip.mjpeg", "carol", Challenge("n", 1500, moves), size=(96, 72))
    parts = [b"\xff\xd8\xff" + part for part in path.read_bytes().split(b"\xff\xd8\xff")[1:]][::3]
    shown = [np.asarray(Image.open(BytesIO(part)).convert("L"), float) for part in parts]
    assert len(shown) == (clips.READY_MS + 1500 + 3 * 3100 + clips.TAIL_MS) / 100
    front, turned = shown[30], shown[(clips.READY_MS + 1500 + 1800) // 100]
    assert np.abs(turned - front).mean() > 2 * np.abs(shown[34] - front).mean()


def test_an_unknown_movement_is_refused() -> None:
    with pytest.raises(KeyError):
        list(clips.frames("dana", script=("somersault",), size=(64, 48)))


@pytest.mark.parametrize("document", [documents.identity_card, documents.passport])
def test_a_document_s_face_is_its_holder_s_and_nobody_else_s(document: Any) -> None:
    (encoding,) = encodings(document("eve", holder="伊芙", number="X1234567", language="zh"))
    who, distance = nearest(encoding)
    assert who == "eve"
    assert distance < 0.5
    assert all(np.linalg.norm(encoding - own(other)) > 0.5 for other in CAST if other != "eve")


def test_a_card_s_face_is_at_least_160_pixels_wide() -> None:
    card = documents.identity_card("bob", holder="Bob Example", number="DEMO-2")
    ((_, right, _, left),) = face_recognition.face_locations(np.asarray(card))
    assert right - left >= 160


def test_a_card_is_printed_without_any_font_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paper, "FONTS", tmp_path)
    for cached in (paper._found, paper._font):
        monkeypatch.setattr(paper, cached.__name__, cached.__wrapped__)
    card = documents.identity_card("alice", holder="爱丽丝", number="DEMO-1", language="zh")
    assert card.size == (1011, 638)


def test_the_zone_of_icao_s_own_specimen_is_reproduced() -> None:
    born, expires = date(1974, 8, 12), date(2012, 4, 15)
    zone = mrz.lines(holder="Anna Maria Eriksson", number="L898902C3", born=born, expires=expires)
    assert zone[0] == "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
    assert zone[1][:28] == "L898902C36UTO7408122<1204159"
    assert mrz.check_digit("L898902C36" + "7408122" + "1204159" + "ZE184226B<<<<<1") == "0"


def test_a_passport_s_check_digits_verify() -> None:
    first, second = documents.machine_readable_zone(holder="Dana Example", number="D1234567")
    assert len(first) == len(second) == 44
    for field, digit in ((second[0:9], second[9]), (second[13:19], second[19]), (second[21:27], second[27])):
        assert mrz.check_digit(field) == digit
    assert mrz.check_digit(second[0:10] + second[13:20] + second[21:43]) == second[43]


def test_a_holder_without_latin_letters_still_has_a_zone() -> None:
    first, _ = documents.machine_readable_zone(holder="爱丽丝", number="D1")
    assert first == "P<UTOSPECIMEN".ljust(44, "<")
