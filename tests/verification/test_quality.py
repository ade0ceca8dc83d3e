"""Poor pictures are told apart from good ones, by code; what is doubtful passes. Measured on the rendered cast and their documents."""

from io import BytesIO

import dlib
import numpy as np
import pytest
from PIL import Image, ImageDraw

from demo.faces.identities import CAST
from tests.shots import blurred, dimmed, lamp, on_screen, on_table, paper, selfie
from verification.engines import card, detector, moire, quality
from verification.reasons import REASONS, Kind, Step


def of_document(picture: Image.Image) -> set[str]:
    """Returns the problems of a document's picture."""
    pixels = np.asarray(picture)
    return set(quality.document(pixels, detector.reaching(pixels)))


def of_selfie(picture: Image.Image) -> set[str]:
    """Returns the problems of a selfie."""
    pixels = np.asarray(picture)
    return set(quality.selfie(pixels, detector.reaching(pixels)))


GOOD = {
    "a scan of the card": lambda: paper(),
    "a scan of the passport": lambda: paper("passport"),
    "a card on a table": lambda: on_table(),
    "a card that is not straight": lambda: on_table(0.7, turn=4),
    "a small card": lambda: on_table(0.45),
    "a passport on a table": lambda: on_table(0.7, kind="passport", turn=2),
    "a card on white paper": lambda: on_table(0.7, ground="white"),
    "a scan with a white margin on two sides": lambda: on_table(0.9, shift=(80, 244), ground="white"),
    "a card in half the light": lambda: dimmed(on_table(), 0.5),
    "a card a little out of focus": lambda: blurred(on_table(), 1.5),
    "a card with a printed white field": lambda: with_field(),
    "a copy compressed hard": lambda: compressed(),
}


def with_field() -> Image.Image:
    """Returns a card on which a white field is printed, as a portrait's ground may be."""
    photo = on_table()
    ImageDraw.Draw(photo).rectangle((480, 560, 760, 720), "white")
    return photo


def compressed() -> Image.Image:
    """Returns a picture that shows the blocks of JPEG."""
    photo = on_table()
    file = BytesIO()
    photo.save(file, "JPEG", quality=12)
    return Image.open(file).convert("RGB")


@pytest.mark.parametrize("name", GOOD)
def test_a_good_document_has_no_problem(name: str) -> None:
    assert of_document(GOOD[name]()) == set()


POOR = {
    "document_dark": lambda: dimmed(on_table(), 0.25),
    "document_blurred": lambda: blurred(on_table(), 6),
    "document_glare": lambda: lamp(on_table(), (1000, 600), 130),
    "document_too_small": lambda: on_table(0.27),
    "document_no_face": lambda: paper().crop((0, 0, 611, 386)),
    "document_screen": lambda: on_screen(3.2, 2),
}


@pytest.mark.parametrize("code", POOR)
def test_a_poor_document_is_told_what_is_wrong(code: str) -> None:
    assert code in of_document(POOR[code]())


@pytest.mark.parametrize("shift", [(500, 0), (-500, 0), (0, 480), (0, -480)])
def test_a_card_over_the_border_is_cropped(shift: tuple[int, int]) -> None:
    assert "document_cropped" in of_document(on_table(0.8, shift=shift))


@pytest.mark.parametrize(("pitch", "turn"), [(2.3, 3), (3.2, 2), (4.5, 1), (4.0, 10)])
def test_the_dots_of_a_screen_are_seen(pitch: float, turn: float) -> None:
    assert moire.lattice(np.asarray(on_screen(pitch, turn)))


def test_where_the_ground_is_not_plain_nothing_is_claimed() -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (600, 800, 3), dtype=np.uint8))
    assert card.find(np.asarray(noise)) == card.Seen(0, 0, 800, 600)


def test_the_card_is_found_where_it_lies() -> None:
    seen = card.find(np.asarray(on_table(0.5, shift=(100, 50))))
    assert (seen.left, seen.top, seen.right, seen.bottom) == pytest.approx((500, 398, 1300, 903), abs=14)


@pytest.mark.parametrize("name", CAST)
def test_a_good_selfie_has_no_problem_whatever_the_skin(name: str) -> None:
    assert of_selfie(selfie(name)) == set()
    assert of_selfie(dimmed(selfie(name), 0.6)) == set()


@pytest.mark.parametrize("name", CAST)
def test_a_poor_selfie_is_told_what_is_wrong(name: str) -> None:
    assert "selfie_dark" in of_selfie(dimmed(selfie(name), 0.2))
    assert "selfie_blurred" in of_selfie(blurred(selfie(name), 6))
    assert "selfie_face_too_small" in of_selfie(selfie(name).resize((200, 200)))
    assert "selfie_face_cropped" in of_selfie(selfie(name).crop((170, 0, 480, 480)))
    assert "selfie_face_cropped" in of_selfie(selfie(name).crop((0, 190, 480, 480)))


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_a_face_in_glaring_light_is_told(name: str) -> None:
    assert of_selfie(dimmed(selfie(name), 1.8)) == {"selfie_glare"}


def test_a_face_against_the_light_is_dark() -> None:
    face = np.asarray(dimmed(selfie("dana"), 0.28)).copy()
    face[:, :90] = face[:, -90:] = 250
    assert "selfie_dark" in of_selfie(Image.fromarray(face))


def test_nobody_and_more_than_one_are_told() -> None:
    both = Image.new("RGB", (960, 480))
    both.paste(selfie("alice"), (0, 0))
    both.paste(selfie("carol"), (480, 0))
    assert of_selfie(both) == {"selfie_several_faces"}
    assert of_selfie(Image.new("RGB", (480, 480), "grey")) == {"selfie_no_face"}
    assert of_selfie(Image.new("RGB", (480, 480))) == {"selfie_dark"}


def test_somebody_far_behind_is_no_second_face() -> None:
    street = Image.new("RGB", (800, 480), (150, 158, 165))
    street.paste(selfie("alice"), (0, 0))
    street.paste(selfie("carol").resize((240, 240)), (500, 0))
    assert of_selfie(street) == set()


def test_every_code_is_in_the_catalogue_and_asks_for_the_right_step_again() -> None:
    codes = {code for step in ("document", "selfie") for code in REASONS if code.startswith(step)}
    told = set(POOR) | {"document_cropped", "selfie_dark", "selfie_blurred", "selfie_glare", "selfie_face_too_small"}
    told |= {"selfie_face_cropped", "selfie_no_face", "selfie_several_faces"}
    assert told <= codes
    for code in told:
        assert REASONS[code].kind is Kind.RETRY
        assert REASONS[code].step is (Step.SELFIE if code.startswith("selfie") else Step.DOCUMENT)


def test_the_detector_kept_beside_the_code_is_dlibs_own(tmp_path: object) -> None:
    own = f"{tmp_path}/own.svm"
    dlib.get_frontal_face_detector().save(own)
    with open(own, "rb") as theirs, open(detector.MODEL, "rb") as ours:
        assert theirs.read() == ours.read()


def test_a_small_face_is_found_in_the_second_look() -> None:
    street = Image.new("RGB", (2400, 1800), (150, 158, 165))
    street.paste(selfie("alice", 320), (1000, 700))
    [(top, right, bottom, left)] = detector.reaching(np.asarray(street))
    assert (left, top, right, bottom) == pytest.approx((1093, 820, 1217, 945), abs=40)
