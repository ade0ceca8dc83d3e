"""The pages under /organisations/, from the empty list to the agent who accepts."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Member, User
from portal.audit.models import Entry
from portal.vault.models import DataKey
from tests.organisations import CODE, FACTS, picture
from tests.registry.desk.desk import signed_in, text_of
from tests.registry.rows import verified
from tests.verification.organisations.conftest import Accept, File
from verification.organisations.models import Mandate, Organisation
from verification.organisations.tokens import token_of

DETAILS = {"name": str(FACTS["name"]), "uscc": CODE, "licence_until": "", "who": "other", "representative": "林样本"}


def _upload(data: bytes) -> dict[str, object]:
    return {"picture": SimpleUploadedFile("../../my licence.svg", data, "image/svg+xml"), "picture_channel": "camera"}


def _at(name: str, organisation: Organisation) -> str:
    return reverse(f"organisations:{name}", args=[organisation.pk])


def test_whoever_is_not_verified_is_led_there_and_back(alice: User) -> None:
    page = text_of(signed_in(alice).get("/organisations/"))
    assert "/identity/?next=/organisations/" in page
    assert signed_in(alice).post("/organisations/new/")["Location"] == "/organisations/"
    assert not Organisation.objects.exists()


def test_the_whole_way_one_thing_per_page(alice: User, now: datetime) -> None:
    verified(alice, now=now)
    browser = signed_in(alice)
    assert "You act for no organisation" in text_of(browser.get("/organisations/"))
    details = browser.post("/organisations/new/")["Location"]
    organisation = Organisation.objects.get()
    assert details == _at("details", organisation)
    assert browser.post(details, DETAILS)["Location"] == _at("licence", organisation)
    assert browser.post(_at("licence", organisation), _upload(picture()))["Location"] == _at("letter", organisation)
    assert browser.post(_at("letter", organisation), _upload(picture()))["Location"] == _at("check", organisation)
    check = text_of(browser.get(_at("check", organisation)))
    assert CODE in check
    assert "林样本" in check
    assert browser.post(_at("check", organisation))["Location"] == _at("organisation", organisation)
    page = text_of(browser.get(_at("organisation", organisation)))
    assert "An officer looks at it" in page
    assert organisation.reference in page
    assert browser.get(details)["Location"] == _at("organisation", organisation)


def test_a_legal_representative_gives_no_letter(alice: User, now: datetime) -> None:
    verified(alice, now=now, full_name="Li Xiaoming")
    browser = signed_in(alice)
    details = browser.post("/organisations/new/")["Location"]
    organisation = Organisation.objects.get()
    browser.post(details, DETAILS | {"who": "me", "representative": ""})
    assert browser.get(_at("letter", organisation))["Location"] == _at("licence", organisation)
    assert browser.post(_at("licence", organisation), _upload(picture()))["Location"] == _at("check", organisation)
    assert "Li Xiaoming" in text_of(browser.get(_at("check", organisation)))


def test_a_wrong_detail_is_explained_and_nothing_typed_is_lost(alice: User, drafted: File) -> None:
    organisation = drafted(alice)
    answer = signed_in(alice).post(_at("details", organisation), DETAILS | {"uscc": CODE[:-1] + "2", "name": "月湾"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "The last character does not fit" in page
    assert 'value="月湾"' in page
    assert 'href="#id_uscc"' in page


@pytest.mark.parametrize(
    ("typed", "said"), [(CODE, "well formed"), (CODE[:-1] + "2", "last character"), ("", ""), ("<b>", "18 characters")]
)
def test_the_code_is_checked_while_typing(alice: User, typed: str, said: str) -> None:
    answer = text_of(signed_in(alice).post("/organisations/code/", {"uscc": typed})).strip()
    assert said in answer if said else not answer
    assert "<b>" not in answer


@pytest.mark.parametrize("data", [b"", b"<svg onload='alert(1)'/>", b"\xff\xd8\xff\xe0garbage"])
def test_a_bad_picture_is_explained_beside_the_field(alice: User, drafted: File, data: bytes) -> None:
    answer = signed_in(alice).post(_at("licence", drafted(alice)), _upload(data))
    assert answer.status_code == 422
    assert 'id="id_picture_error"' in text_of(answer)


def test_who_is_no_longer_verified_is_told_before_sending(alice: User, drafted: File, now: datetime) -> None:
    organisation = drafted(alice)
    identity = alice.identity
    identity.revoked_at = now
    identity.save(update_fields=["revoked_at"])
    answer = signed_in(alice).post(_at("check", organisation))
    assert answer.status_code == 409
    assert f"/identity/?next={_at('check', organisation)}" in text_of(answer)


@pytest.mark.parametrize("state", ["draft", "review", "changes_requested", "verified", "rejected", "expired", "revoked"])
def test_every_state_says_what_happens_next(alice: User, star: Organisation, state: str, now: datetime) -> None:
    reasons = ["licence_unreadable"] if state in ("changes_requested", "rejected") else []
    Organisation.objects.update(state=state, reasons=reasons, valid_until=now + timedelta(days=9))
    page = text_of(signed_in(alice).get(_at("organisation", star))).split("<main")[1]
    assert star.reference in page
    assert '<button class="btn' in page or "btn" in page or "You need not do anything" in page
    assert ("Take the picture again" in page) == bool(reasons)


def test_pictures_are_for_owners_and_for_the_desk(
    star: Organisation, alice: User, bob: User, carol: User, eve: User, agent: Accept
) -> None:
    agent(carol)
    address = reverse("organisations:picture", args=[star.licence_image_id])
    answer = signed_in(alice).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in answer["Cache-Control"]
    assert not Entry.objects.filter(event="evidence.viewed").exists()
    assert [signed_in(user).get(address).status_code for user in (carol, eve, bob)] == [404, 404, 200]
    assert Entry.objects.get(event="evidence.viewed").data == {"slot": "licence"}
    DataKey.objects.update(wrapped=None, destroyed_at=star.created_at)
    assert signed_in(alice).get(address).status_code == 404


def test_a_stranger_finds_every_door_closed(star: Organisation, eve: User, now: datetime) -> None:
    verified(eve, now=now)
    browser, before = signed_in(eve), (Entry.objects.count(), Organisation.objects.values().get())
    mandate = star.mandates.get()
    doors = [_at(name, star) for name in ("organisation", "again", "details", "licence", "letter", "check", "agents")]
    for door in [*doors, reverse("organisations:end", args=[star.pk, mandate.pk])]:
        for verb in (browser.get, browser.post):
            assert verb(door, DETAILS).status_code in (404, 405), door
    assert str(star) not in text_of(browser.get("/organisations/"))
    assert (Entry.objects.count(), Organisation.objects.values().get()) == before


def test_an_owner_invites_and_withdraws(star: Organisation, alice: User, carol: User, agent: Accept) -> None:
    browser = signed_in(alice)
    bad = browser.post(_at("agents", star), {"email": "nobody", "role": "agent", "until": ""})
    assert bad.status_code == 422
    assert "Enter an e-mail address." in text_of(bad)
    assert browser.post(_at("agents", star), {"email": "dan@example.org", "role": "agent", "until": ""}).status_code == 302
    mandate = agent(carol)
    page = text_of(browser.get(_at("agents", star)))
    assert "carol@example.org" in page
    assert "dan@example.org" in page
    end = reverse("organisations:end", args=[star.pk, mandate.pk])
    assert "Withdraw the mandate?" in text_of(browser.get(end))
    assert browser.post(end)["Location"] == _at("agents", star)
    assert not Member.objects.filter(user=carol).exists()
    assert signed_in(carol).get(_at("organisation", star)).status_code == 404


def test_an_agent_sees_no_form_and_no_representative(star: Organisation, carol: User, agent: Accept) -> None:
    mandate = agent(carol)
    browser = signed_in(carol)
    page = text_of(browser.get(_at("agents", star)))
    assert 'name="email"' not in page
    assert "林样本" not in text_of(browser.get(_at("organisation", star)))
    assert browser.post(_at("agents", star), {"email": "x@example.org", "role": "owner", "until": ""}).status_code == 403
    assert browser.post(_at("again", star)).status_code == 403
    assert browser.post(reverse("organisations:end", args=[star.pk, mandate.pk]))["Location"] == "/organisations/"


@pytest.fixture
def link(star: Organisation, alice: User) -> str:
    """The address in Carol's mail."""
    signed_in(alice).post(_at("agents", star), {"email": "carol@example.org", "role": "agent", "until": ""})
    return reverse("organisations:invitation", args=[token_of(Mandate.objects.get(state="invited").pk)])


def test_the_link_leads_through_sign_in_and_verification_back(link: str, carol: User, now: datetime) -> None:
    browser = Client()
    assert "Sign in and go on" in text_of(browser.get(link))
    assert browser.post(link, {"way": "signup"})["Location"].startswith("/accounts/signup/?next=")
    browser.force_login(carol)
    assert "Verify my identity and come back" in text_of(browser.get(link))
    to_verification = browser.post(link)["Location"]
    assert to_verification.startswith("/identity/?next=")
    verified(carol, now=now)
    browser.get(to_verification)
    assert "Accept the mandate" in text_of(browser.get(link))
    assert Mandate.objects.filter(state="invited").exists()  # reading changed nothing
    assert browser.post(link)["Location"].startswith("/organisations/")
    assert browser.get(link).status_code == 404


def test_the_link_is_nobody_elses(link: str, eve: User, now: datetime) -> None:
    verified(eve, now=now)
    for verb in (signed_in(eve).get, signed_in(eve).post):
        answer = verb(link)
        assert answer.status_code == 403
        assert "another address" in text_of(answer)
        assert "carol@example.org" not in text_of(answer)
    assert not Member.objects.filter(user=eve).exists()


def test_a_used_up_or_late_link_says_so(link: str, carol: User, now: datetime) -> None:
    assert Client().get(link[:-2] + "x/").status_code == 404
    Mandate.objects.filter(state="invited").update(invitation_ends=now)
    answer = Client().get(link)
    assert answer.status_code == 410
    assert "This invitation has ended" in text_of(answer)
