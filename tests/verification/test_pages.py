"""The pages, as a browser without JavaScript uses them."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageFilter

from demo.faces import pictures
from portal.accounts.models import User
from portal.kit import jobs
from tests import remembering
from tests.verification.conftest import NAME, NUMBERS, Apply, card, describe, selfie, sides
from verification import rules
from verification.models import Attempt, Case, Challenge
from verification.reasons import REASONS
from verification.services import machine

SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """Returns a browser in which somebody is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


def upload(data: bytes, channel: str = "camera") -> dict[str, object]:
    """Returns what the picture page sends."""
    return {"picture": SimpleUploadedFile("../../my face.svg", data, "image/svg+xml"), "picture_channel": channel}


def recorded(browser: Client, face: str, **other: object) -> dict[str, object]:
    """Returns what the selfie's page sends when somebody has done the movements that it drew."""
    asked = browser.post("/identity/selfie/movements/", {"pace": "normal"}).json()
    film = SimpleUploadedFile("recording.vhl", remembering.performed(face), "application/octet-stream")
    return {**upload(selfie(face)), "recording": film, "nonce": asked["nonce"], "camera": "Front camera", **other}


DETAILS = {"document_type": "resident_id", "full_name": NAME.title(), "number": NUMBERS["alice"], "birth_date": ""}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", ["", "consent/", "consents/", "details/", "document/", "selfie/", "check/", "face/", "withdraw/", "resume/"]
)
def test_nobody_sees_a_page_without_signing_in(page: str) -> None:
    answer = Client().get(f"/identity/{page}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_the_whole_way_one_thing_per_page(alice: User, sign_in: SignIn) -> None:
    browser = sign_in(alice)
    assert b"You are not verified yet" in browser.get("/identity/").content
    assert browser.post("/identity/start/")["Location"] == "/identity/consent/"
    assert browser.post("/identity/consent/", {"processing": "on", "face": "on"})["Location"] == "/identity/details/"
    assert browser.post("/identity/details/", DETAILS)["Location"] == "/identity/document/"
    front, back = sides("alice")
    assert browser.post("/identity/document/", upload(front))["Location"] == "/identity/document/back/"
    assert browser.post("/identity/document/back/", upload(back))["Location"] == "/identity/selfie/"
    assert browser.post("/identity/selfie/", recorded(browser, "alice"))["Location"] == "/identity/check/"
    check = browser.get("/identity/check/").content.decode()
    assert NAME.title() in check
    assert NUMBERS["alice"] in check
    assert browser.post("/identity/check/")["Location"] == "/identity/"
    page = browser.get("/identity/").content.decode()
    case = Case.objects.get()
    assert case.reference in page
    assert 'hx-get="/identity/?seen=processing"' in page
    assert browser.get("/identity/?seen=processing", headers={"HX-Request": "true"}).status_code == 204
    jobs.run_waiting(timezone.now())
    part = browser.get("/identity/?seen=processing", headers={"HX-Request": "true"}).content.decode()
    assert "You are verified" in part
    assert "<html" not in part
    assert "hx-get" not in part


def test_the_way_without_a_face(alice: User, sign_in: SignIn) -> None:
    browser = sign_in(alice)
    browser.post("/identity/start/")
    browser.post("/identity/consent/", {"processing": "on"})
    browser.post("/identity/details/", DETAILS)
    front, back = sides("alice")
    browser.post("/identity/document/", upload(front))
    assert browser.post("/identity/document/back/", upload(back))["Location"] == "/identity/meeting/"
    assert browser.get("/identity/selfie/")["Location"] == "/identity/meeting/"
    assert browser.post("/identity/meeting/", {"kind": "", "wish": "in the evening"}).status_code == 422
    assert browser.post("/identity/meeting/", {"kind": "video", "wish": "in the evening"})["Location"] == "/identity/check/"
    check = browser.get("/identity/check/").content.decode()
    assert "Video call" in check
    assert "in the evening" in check
    browser.post("/identity/check/")
    jobs.run_waiting(timezone.now())
    assert "An officer will arrange the meeting" in browser.get("/identity/").content.decode()


def test_an_uploaded_selfie_leads_to_a_meeting_as_well(alice: User, sign_in: SignIn, filled: Apply) -> None:
    filled(alice)
    browser = sign_in(alice)
    assert browser.post("/identity/selfie/", upload(selfie("alice"), "upload"))["Location"] == "/identity/meeting/"
    case = Case.objects.get()
    assert (case.selfie_channel, case.recording, case.challenge) == ("upload", None, None)


def test_a_recording_is_taken_once_and_in_time(alice: User, sign_in: SignIn, filled: Apply) -> None:
    filled(alice)
    browser = sign_in(alice)
    sent = recorded(browser, "alice")
    nonce = sent["nonce"]
    assert browser.post("/identity/selfie/", sent)["Location"] == "/identity/check/"
    again = browser.post("/identity/selfie/", {**recorded(browser, "alice"), "nonce": nonce})
    assert again.status_code == 422
    assert "The movements took too long" in again.content.decode() or "you get new movements" in again.content.decode()
    assert Case.objects.get().recording is None  # the selfie that came with it has none
    late = recorded(browser, "alice")
    Challenge.objects.filter(nonce=late["nonce"]).update(expires_at=timezone.now())
    assert browser.post("/identity/selfie/", late).status_code == 422


def test_what_is_no_recording_is_explained_and_kept_nowhere(alice: User, sign_in: SignIn, filled: Apply) -> None:
    filled(alice)
    browser = sign_in(alice)
    for junk in (b"", b"VHL1", b"\x00" * 5000, selfie("alice")):
        sent = recorded(browser, "alice", recording=SimpleUploadedFile("recording.vhl", junk, "application/octet-stream"))
        assert browser.post("/identity/selfie/", sent).status_code == 422
        assert Case.objects.get().recording is None


def test_whoever_draws_very_often_is_led_to_another_way(alice: User, sign_in: SignIn, filled: Apply) -> None:
    case = filled(alice)
    browser = sign_in(alice)
    Challenge.objects.all().delete()
    for _draw in range(rules.CHALLENGES):
        assert browser.post("/identity/selfie/movements/", {"pace": "slow"}).status_code == 200
    last = browser.post("/identity/selfie/movements/", {"pace": "slow"})
    assert last.status_code == 429
    assert "video call" in last.json()["detail"]
    assert Challenge.objects.filter(case=case).count() == rules.CHALLENGES
    assert "?upload=1" in browser.get("/identity/selfie/").content.decode()


def test_a_poor_picture_is_kept_and_said_at_once(alice: User, sign_in: SignIn, draft: Apply) -> None:
    describe(alice, draft(alice), timezone.now())
    blurred = Image.open(BytesIO(card("alice"))).filter(ImageFilter.GaussianBlur(9))
    answer = sign_in(alice).post("/identity/document/", upload(pictures.jpeg(blurred)))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert str(REASONS["document_blurred"].text) in page
    assert "Send it all the same" in page
    case = Case.objects.get()
    assert case.document_image is not None
    assert "document_blurred" in case.quality
    sign_in(alice).post("/identity/document/", upload(card("alice")))
    assert Case.objects.get().quality == []


def test_without_the_first_consent_nothing_goes_on(alice: User, sign_in: SignIn) -> None:
    browser = sign_in(alice)
    browser.post("/identity/start/")
    answer = browser.post("/identity/consent/", {"face": "on"})
    assert answer.status_code == 422
    assert "Without this consent" in answer.content.decode()
    assert browser.get("/identity/details/")["Location"] == "/identity/consent/"
    assert browser.get("/identity/document/")["Location"] == "/identity/consent/"


def test_a_wrong_detail_is_explained_and_nothing_typed_is_lost(alice: User, sign_in: SignIn, draft: Apply) -> None:
    draft(alice)
    answer = sign_in(alice).post("/identity/details/", {**DETAILS, "number": "360426199101010072"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The last character does not fit" in page
    assert 'value="Li Xiaoming"' in page
    assert 'value="360426199101010072"' in page
    assert 'href="#id_number"' in page


@pytest.mark.parametrize(
    ("document_type", "typed", "said"),
    [
        ("resident_id", "360426199101010071", "well formed"),
        ("resident_id", "360426199101010072", "The last character"),
        ("resident_id", "", ""),
        ("passport", "E12345678", "well formed"),
        ("", "E12345678", ""),
    ],
)
def test_the_number_is_checked_while_typing(alice: User, sign_in: SignIn, document_type: str, typed: str, said: str) -> None:
    answer = sign_in(alice).post("/identity/details/number/", {"document_type": document_type, "number": typed})
    assert answer.status_code == 200
    text = answer.content.decode().strip()
    assert said in text if said else not text


@pytest.mark.parametrize("data", [b"", b"<svg onload='alert(1)'/>", b"\xff\xd8\xff\xe0garbage", card("alice")[:3000]])
def test_a_bad_picture_is_explained_beside_the_field(alice: User, sign_in: SignIn, draft: Apply, data: bytes) -> None:
    draft(alice)
    answer = sign_in(alice).post("/identity/document/", upload(data))
    assert answer.status_code == 422
    assert 'id="id_picture_error"' in answer.content.decode()
    assert Case.objects.get().document_image is None


def test_a_missing_picture_is_explained(alice: User, sign_in: SignIn, draft: Apply) -> None:
    draft(alice)
    answer = sign_in(alice).post("/identity/document/", {"picture_channel": "upload"})
    assert answer.status_code == 422
    assert "Take a picture or choose a file first" in answer.content.decode()


def test_a_retry_leads_to_what_failed(alice: User, sign_in: SignIn, submitted: Apply) -> None:
    case = submitted(alice, face="eve")
    machine.judge_case(case_id=case.pk, now=timezone.now())
    browser = sign_in(alice)
    page = browser.get("/identity/").content.decode()
    assert "does not seem to be the one on the document" in page
    assert browser.get("/identity/resume/")["Location"] == "/identity/selfie/"
    assert "Take the selfie again" in browser.get("/identity/selfie/").content.decode()
    assert browser.post("/identity/selfie/", recorded(browser, "alice"))["Location"] == "/identity/check/"
    assert browser.get("/identity/check/").status_code == 200


def test_no_tries_left_is_said_before_sending(alice: User, sign_in: SignIn, submitted: Apply) -> None:
    case = submitted(alice)
    Attempt.objects.all().delete()
    for minutes in range(5):
        Attempt.objects.create(user=alice, at=timezone.now() - timedelta(minutes=minutes))
    Case.objects.filter(pk=case.pk).update(state="retry")
    browser = sign_in(alice)
    page = browser.get("/identity/check/").content.decode()
    assert "five tries in six hours" in page
    answer = browser.post("/identity/check/")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
