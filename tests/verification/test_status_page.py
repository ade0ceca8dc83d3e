"""What an applicant sees once the case is sent, and what others see of it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit import jobs
from portal.vault.models import DataKey
from tests.verification.conftest import Apply
from verification import services, tasks
from verification.models import Case, FaceTemplate
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


def test_a_finished_case_leads_to_the_status(alice: User, sign_in: SignIn, submitted: Apply) -> None:
    submitted(alice)
    browser = sign_in(alice)
    for page in ("consent", "details", "document", "selfie", "check"):
        assert browser.get(f"/identity/{page}/")["Location"] == "/identity/"


def test_taking_back_the_face_consent_is_two_clicks(alice: User, sign_in: SignIn, submitted: Apply) -> None:
    case = submitted(alice)
    machine.judge_case(case_id=case.pk, now=timezone.now())
    browser = sign_in(alice)
    assert "/identity/face/" in browser.get("/identity/").content.decode()
    assert browser.get("/identity/face/").status_code == 200
    assert FaceTemplate.objects.exists()
    browser.post("/identity/face/")
    assert not FaceTemplate.objects.exists()
    assert "/identity/face/" not in browser.get("/identity/").content.decode()


def test_pictures_are_for_their_applicant_and_for_the_desk(
    alice: User, bob: User, eve: User, frank: User, sign_in: SignIn, submitted: Apply
) -> None:
    case = submitted(alice)
    address = f"/identity/pictures/{case.document_image_id}/"
    answer = sign_in(alice).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert "no-store" in answer["Cache-Control"]
    assert not Entry.objects.filter(event="evidence.viewed").exists()
    assert sign_in(eve).get(address).status_code == 404
    for reader in (bob, frank):
        assert sign_in(reader).get(address).status_code == 200
    seen = Entry.objects.filter(event="evidence.viewed")
    assert [(entry.actor_id, entry.data) for entry in seen] == [(bob.pk, {"slot": "document"}), (frank.pk, {"slot": "document"})]
    DataKey.objects.update(wrapped=None, destroyed_at=timezone.now())
    assert sign_in(alice).get(address).status_code == 404


def test_an_invited_person_returns_to_where_they_came_from(alice: User, sign_in: SignIn, submitted: Apply) -> None:
    case = submitted(alice)
    machine.judge_case(case_id=case.pk, now=timezone.now())
    browser = sign_in(alice)
    assert 'href="https://evil' not in browser.get("/identity/?next=https://evil.example/").content.decode()
    browser.get("/identity/?next=/licences/i/abc/")
    assert 'href="/licences/i/abc/"' in browser.get("/identity/").content.decode()


@pytest.mark.parametrize("state", ["draft", "review", "retry", "rejected", "expired", "revoked"])
def test_every_state_says_what_happens_next(alice: User, sign_in: SignIn, submitted: Apply, state: str) -> None:
    case = submitted(alice)
    Case.objects.filter(pk=case.pk).update(state=state, reasons=["document_not_genuine"] if state == "rejected" else [])
    page = sign_in(alice).get("/identity/").content.decode()
    assert case.reference in page
    assert 'class="events"' in page
    assert ("<button" in page.split("<main")[1]) or ("btn" in page.split("<main")[1]) or "You need not do anything" in page


def test_the_finder_of_each_job_is_known() -> None:
    assert {"verification.judge", "verification.template", "verification.expire"} <= set(jobs._jobs)
    assert tasks.judge is not None
    assert services.__all__ == sorted(services.__all__)
