"""The page with the camera, the notices that lead to it, and the officer's page."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit import clock
from tests import remembering
from tests.registry.desk.desk import picture, signed_in, text_of
from tests.registry.rows import registration_of
from tests.verification.renewals.conftest import Send, at_distance, fresh
from verification.models import Case, FaceTemplate, Identity
from verification.renewals import tasks
from verification.renewals.models import Renewal
from verification.rules import CHALLENGES, REVERIFY

PAGE = "/identity/confirm/"


@pytest.fixture
def now() -> datetime:
    """Ten days before the six months are over, pages ask the clock themselves: the identity is that old."""
    return clock.now() - REVERIFY + timedelta(days=10)


@pytest.fixture
def later() -> datetime:
    """The present."""
    return clock.now()


def upload(data: bytes, channel: str = "upload") -> dict[str, object]:
    """Returns what the page sends of a picture alone."""
    return {"picture": SimpleUploadedFile("me.jpg", data, "image/jpeg"), "picture_channel": channel}


def recorded(browser: Client, mover: str = "alice") -> dict[str, object]:
    """Returns what the page sends after the camera has recorded the movements that it asked for."""
    asked = browser.post(PAGE + "movements/", {"pace": "normal"}).json()
    film = SimpleUploadedFile("movements", remembering.performed(mover), "application/octet-stream")
    return upload(fresh(), "camera") | {"recording": film, "nonce": asked["nonce"], "camera": "Front camera"}


def test_an_operator_is_led_to_the_camera_and_confirmed(verified: Identity, alice: User, now: datetime) -> None:
    registration_of(alice, now=now)
    browser = signed_in(alice)
    for path in ("/home/", "/identity/"):
        page = text_of(browser.get(path))
        assert "Confirm your identity by" in page, path
        assert f'href="{PAGE}"' in page, path
    camera = browser.get(PAGE)
    assert "Take a fresh selfie" in text_of(camera)
    assert f'data-draw="{PAGE}movements/"' in camera.content.decode()
    assert browser.post(PAGE, recorded(browser))["Location"] == PAGE
    assert "Your selfie is being compared" in text_of(browser.get(PAGE))
    assert "Your selfie is being looked at" in text_of(browser.get("/home/"))
    asked = {"HX-Request": "true"}
    same = browser.get(PAGE + "?seen=waiting", headers=asked)
    assert (same.status_code, "HX-Refresh" in same) == (204, False)
    tasks.judge(str(Renewal.objects.get().pk))
    assert browser.get(PAGE + "?seen=waiting", headers=asked)["HX-Refresh"] == "true"
    page = text_of(browser.get(PAGE))
    assert "Your identity is confirmed" in page
    assert "Take a fresh selfie" not in page
    assert "Confirm your identity by" not in text_of(browser.get("/home/"))


def test_who_cannot_do_the_movements_uploads_a_selfie_for_an_officer(verified: Identity, alice: User) -> None:
    browser = signed_in(alice)
    page = browser.get(PAGE + "?upload=1").content.decode()
    assert "An officer looks at an uploaded selfie" in page
    assert "data-draw" not in page
    assert browser.post(PAGE, upload(fresh()))["Location"] == PAGE
    tasks.judge(str(Renewal.objects.get().pk))
    assert Renewal.objects.get().state == "review"
    assert "An officer looks at your selfie" in text_of(browser.get(PAGE))


def test_movements_that_were_used_before_are_explained_and_nothing_is_kept(verified: Identity, alice: User) -> None:
    browser = signed_in(alice)
    first = recorded(browser)
    assert browser.post(PAGE, first).status_code == 302
    Renewal.objects.update(state="retry", decided_at=clock.now())
    again = upload(fresh(), "camera") | {"recording": SimpleUploadedFile("m", remembering.performed("alice")), "nonce": first["nonce"]}
    answer = browser.post(PAGE, again)
    assert answer.status_code == 422
    assert "Start the camera again: you get new movements." in text_of(answer)
    assert Renewal.objects.count() == 1


def test_after_twelve_draws_the_page_says_what_else_there_is(verified: Identity, alice: User) -> None:
    browser = signed_in(alice)
    for _ in range(CHALLENGES):
        assert browser.post(PAGE + "movements/").status_code == 200
    refused = browser.post(PAGE + "movements/")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_challenges")
    assert "upload a selfie: an officer then looks at it" in text_of(browser.get(PAGE))
    assert browser.get(PAGE + "movements/").status_code == 405


def test_who_does_not_sell_live_is_not_bothered(verified: Identity, alice: User) -> None:
    browser = signed_in(alice)
    assert "Confirm your identity by" not in text_of(browser.get("/home/"))
    assert "Not asked of you" in text_of(browser.get(PAGE))


def test_who_is_overdue_reads_what_that_means(verified: Identity, alice: User, now: datetime) -> None:
    registration_of(alice, now=now)
    Identity.objects.update(verified_at=now - timedelta(days=20))
    page = text_of(signed_in(alice).get("/identity/"))
    assert "was to be confirmed by" in page
    assert "refuse live commerce" in page


def test_without_a_template_the_document_is_the_way(verified: Identity, alice: User) -> None:
    FaceTemplate.objects.all().delete()
    page = text_of(signed_in(alice).get(PAGE))
    assert "Use my document" in page
    assert "Take a fresh selfie" not in page
    assert signed_in(alice).post(PAGE, upload(fresh())).status_code == 409
    assert signed_in(alice).post("/identity/start/")["Location"] == "/identity/details/"


def test_a_file_that_is_no_picture_is_explained(verified: Identity, alice: User) -> None:
    answer = signed_in(alice).post(PAGE, upload(b"<html>"))
    assert answer.status_code == 422
    assert "This file is not a picture." in text_of(answer)
    assert signed_in(alice).post(PAGE, {}).status_code == 422
    assert not Renewal.objects.exists()


@pytest.mark.django_db
def test_nobody_sees_the_page_without_signing_in() -> None:
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")


def test_without_an_identity_there_is_nothing_to_confirm(eve: User) -> None:
    assert "There is nothing to confirm" in text_of(signed_in(eve).get(PAGE))
    assert signed_in(eve).post(PAGE, upload(fresh())).status_code == 409


@pytest.mark.parametrize(("verdict", "state"), [("confirm", "confirmed"), ("refuse", "refused")])
def test_an_officer_decides_at_the_desk(verified: Identity, alice: User, bob: User, send: Send, verdict: str, state: str) -> None:
    Case.objects.update(document_image=picture())
    row, officer = send(channel="upload"), signed_in(bob)
    path = f"/desk/checks/selfies/{row.pk}/"
    assert "1 guardian or selfie waits" in text_of(officer.get("/desk/"))
    assert path in text_of(officer.get("/desk/checks/"))
    page = text_of(officer.get(path))
    assert "The selfie was uploaded" in page
    assert f"/identity/confirm/pictures/{row.pk}/" in page
    assert officer.get(f"/identity/confirm/pictures/{row.pk}/")["Content-Type"] == "image/jpeg"
    assert officer.get(f"{path}movements/").status_code == 404  # none were recorded
    assert officer.post(path, {}).status_code == 422
    assert officer.post(path, {"verdict": verdict})["Location"] == "/desk/checks/"
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (state, bob)
    assert officer.post(path, {"verdict": verdict}).status_code == 409
    said = {"confirmed": "Your identity is confirmed", "refused": "The selfie was not accepted"}[state]
    assert said in text_of(signed_in(alice).get(PAGE))


def test_an_officer_sees_the_movements_and_the_look_is_logged(verified: Identity, bob: User, eve: User, send: Send) -> None:
    at_distance(verified, 0.55)
    row, officer = send(), signed_in(bob)
    path = f"/desk/checks/selfies/{row.pk}/"
    assert f"{path}movements/" in text_of(officer.get(path))
    assert officer.get(f"{path}movements/")["Content-Type"] == "image/jpeg"
    assert Entry.objects.filter(event="evidence.viewed", subject_id=row.pk, data__slot="recording").count() == 1
    assert signed_in(eve).get(f"{path}movements/").status_code in (403, 404)


def test_a_stranger_and_an_auditor_change_nothing(verified: Identity, eve: User, frank: User, send: Send) -> None:
    row = send(channel="upload")
    desk = f"/desk/checks/selfies/{row.pk}/"
    for path in (desk, f"/identity/confirm/pictures/{row.pk}/"):
        for method in (signed_in(eve).get, signed_in(eve).post):
            assert method(path, {"verdict": "confirm"}).status_code in (403, 404, 405), path
    assert signed_in(frank).get(desk).status_code == 200
    assert signed_in(frank).post(desk, {"verdict": "confirm"}).status_code == 403
    row.refresh_from_db()
    assert row.state == "review"
