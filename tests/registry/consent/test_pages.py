"""The invitation's link, the answer, the dashboard, and the operator's side."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.access.actor import Actor
from portal.accounts.adapter import RETURN_TO
from portal.accounts.models import User
from portal.kit import clock
from portal.letters.models import Letter
from registry.consent import services
from registry.consent.models import Licence
from registry.consent.states import LicenceState
from tests.cast import PASSWORD
from tests.registry.consent.conftest import PROPOSED, Story

Act = Callable[[User], Actor]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, story: Story) -> None:
    """Pages read the clock; here it stands where the story stands."""
    monkeypatch.setattr(clock, "now", lambda: story.now)


def link(token: str, name: str = "invitation") -> str:
    return reverse(f"consent:{name}", args=[token])


def page(licence: Licence, name: str = "licence") -> str:
    return reverse(f"consent:{name}", args=[licence.pk])


ANSWER = {
    "media": ["live"],
    "purposes": ["commerce"],
    "platforms": ["demo-live"],
    "territories": ["CN"],
    "ends_on": "2026-12-31",
    "notice_days": "7",
}


def test_reading_the_link_changes_nothing(client: Client, story: Story) -> None:
    licence, token = story.invited()
    for _ in range(3):
        answer = client.get(link(token))
        client.head(link(token))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert RETURN_TO not in client.session
    text = answer.content.decode()
    assert "小林" in text
    assert story.alice.email not in text
    assert Licence.objects.get() == licence
    assert Licence.objects.get().state == LicenceState.INVITED


def test_a_newcomer_comes_back_to_the_invitation_after_signing_in(client: Client, story: Story) -> None:
    _, token = story.invited()
    answer = client.post(link(token), {"way": "signup"})
    assert answer["Location"] == f"{reverse('account_signup')}?next=%2Flicences%2Fi%2F{token}%2F"
    answer = client.post(reverse("account_login"), {"login": "carol@example.org", "password": PASSWORD})
    assert answer["Location"] == link(token)
    answer = client.post(link(token))
    assert answer["Location"] == page(Licence.objects.get())


def test_somebody_without_an_account_signs_up_confirms_and_opens(client: Client, story: Story) -> None:
    _, token = story.invited(email="new@example.org")
    client.post(link(token), {"way": "signup"})
    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD, "next": link(token)})
    confirm = re.search(r"http://\S+(/accounts/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert confirm is not None
    client.post(confirm[1])
    answer = client.post(reverse("account_login"), {"login": "new@example.org", "password": PASSWORD})
    assert answer["Location"] == link(token)
    client.post(link(token))
    licence = Licence.objects.get()
    assert licence.state == LicenceState.OPENED
    text = client.get(page(licence)).content.decode()
    assert f"{reverse('verification:status')}?next={page(licence).replace('/', '%2F')}" in text or f"?next={page(licence)}" in text


def test_a_used_guessed_or_ended_link_says_what_to_do(client: Client, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    licence, token = story.invited()
    assert client.get(link("guess")).status_code == 404
    monkeypatch.setattr(clock, "now", lambda: story.now + timedelta(days=8))
    answer = client.get(link(token))
    assert answer.status_code == 410
    assert "ask the operator to send it again" in answer.content.decode()
    monkeypatch.setattr(clock, "now", lambda: story.now)
    services.take_back(actor=story.alice, licence=licence, now=story.now)
    answer = client.get(link(token))
    assert answer.status_code == 404
    assert "Each link works once" in answer.content.decode()


def test_a_link_for_somebody_else_says_so_and_offers_to_sign_out(client: Client, story: Story, eve: User, alice: User) -> None:
    _, token = story.invited()
    for user, words in ((eve, "sent to another address"), (alice, "cannot answer your own")):
        client.force_login(user)
        for answer in (client.get(link(token)), client.post(link(token))):
            assert answer.status_code == 403
            text = answer.content.decode()
            assert words in text
            assert reverse("account_logout") in text
            assert "carol@example.org" not in text


def test_declining_from_the_mail(client: Client, story: Story) -> None:
    licence, token = story.invited()
    assert client.get(link(token, "invitation_decline")).status_code == 200
    assert client.post(link(token, "invitation_decline"), {"reason": "x"}).status_code == 422
    assert client.post(link(token, "invitation_decline"), {"reason": "unknown"}).status_code == 200
    licence.refresh_from_db()
    assert licence.state == LicenceState.DECLINED


def test_the_answer_goes_step_by_step(client: Client, story: Story, carol: User) -> None:
    licence = story.opened()
    client.force_login(carol)
    assert "Is this your face?" in client.get(page(licence)).content.decode()
    assert client.post(page(licence, "identify"))["Location"] == page(licence)
    terms = client.get(page(licence)).content.decode()
    assert terms.count("checked") >= 8
    review = client.post(page(licence, "grant"), ANSWER | {"step": "review"})
    assert "Your voice may not be used." in review.content.decode()
    assert Licence.objects.get().state == LicenceState.IDENTITY_VERIFIED
    assert client.post(page(licence, "grant"), ANSWER | {"step": "change"}).status_code == 200
    assert client.post(page(licence, "grant"), ANSWER | {"step": "grant"})["Location"] == page(licence)
    licence.refresh_from_db()
    assert (licence.state, licence.media, licence.voice, licence.notice_days) == (LicenceState.GRANTED, ["live"], False, 7)
    assert licence.reference in client.get(page(licence)).content.decode()


def test_a_wider_or_empty_answer_comes_back_with_what_was_typed(client: Client, story: Story, carol: User) -> None:
    licence = story.identified()
    client.force_login(carol)
    wrong = ANSWER | {"step": "grant", "media": [], "territories": ["US"], "ends_on": "2027-12-31"}
    answer = client.post(page(licence, "grant"), wrong)
    assert answer.status_code == 422
    assert 'value="2027-12-31"' in answer.content.decode()
    assert Licence.objects.get().state == LicenceState.IDENTITY_VERIFIED


def test_a_face_that_does_not_fit_is_explained(client: Client, story: Story, carol: User) -> None:
    licence = story.opened()
    licence.persona.portraits.update(vector=[0.0] * 128)
    client.force_login(carol)
    answer = client.post(page(licence, "identify"))
    assert answer.status_code == 422
    assert "does not look like the face in these pictures" in answer.content.decode()


def test_a_licence_is_withdrawn_in_two_clicks(client: Client, story: Story, carol: User) -> None:
    licence = story.granted()
    client.force_login(carol)
    dashboard = client.get(reverse("consent:mine")).content.decode()
    assert page(licence, "withdraw") in dashboard
    assert carol.email not in dashboard.split("<main", 1)[1]
    assert "30 days" in client.get(page(licence, "withdraw")).content.decode()
    assert Licence.objects.get().state == LicenceState.GRANTED
    assert client.post(page(licence, "withdraw"))["Location"] == page(licence)
    assert Licence.objects.get().state == LicenceState.WITHDRAWN
    assert "The use stopped at once" in client.get(page(licence)).content.decode()


def test_a_licence_is_narrowed_from_its_page(client: Client, story: Story, carol: User) -> None:
    licence = story.granted()
    client.force_login(carol)
    assert client.get(page(licence, "narrow")).status_code == 200
    answer = client.post(page(licence, "narrow"), ANSWER | {"starts_on": "2026-03-02"})
    assert answer.status_code == 302
    licence.refresh_from_db()
    assert (licence.territories, licence.voice) == (["CN"], False)


def test_pictures_are_shown_to_the_portrayed_person_only(client: Client, story: Story, carol: User, eve: User) -> None:
    licence = story.opened()
    portrait = story.persona.portraits.all()[0]
    here = reverse("consent:picture", args=[licence.pk, portrait.pk])
    client.force_login(carol)
    assert client.get(here)["Content-Type"] == "image/jpeg"
    client.force_login(eve)
    assert client.get(here).status_code == 404


def test_a_stranger_finds_no_licence(client: Client, story: Story, eve: User) -> None:
    licence = story.granted()
    client.force_login(eve)
    for name in ("licence", "decline", "narrow", "withdraw", "grant"):
        assert client.get(page(licence, name)).status_code == 404
    for name in ("identify", "grant", "decline", "withdraw", "narrow", "resend", "take_back"):
        assert client.post(page(licence, name)).status_code == 404
    assert client.get(reverse("consent:invite", args=[story.persona.pk])).status_code == 404
    assert "小林" not in client.get(reverse("consent:mine")).content.decode()


def test_the_operator_invites_sends_again_and_takes_back(client: Client, story: Story, alice: User) -> None:
    client.force_login(alice)
    here = reverse("consent:invite", args=[story.persona.pk])
    assert client.get(here).status_code == 200
    asked = ANSWER | {"email": "carol@example.org"}
    wrong = client.post(here, asked | {"territories": ["WORLD", "CN"], "purposes": []})
    assert wrong.status_code == 422
    assert 'value="carol@example.org"' in wrong.content.decode()
    assert client.post(here, asked)["Location"] == here
    licence = Licence.objects.get()
    shown = client.get(here).content.decode()
    assert "carol@example.org" in shown
    assert page(licence, "resend") in shown
    assert client.post(page(licence, "resend"))["Location"] == here
    assert "only just on its way" in client.get(here).content.decode()
    assert client.post(page(licence, "take_back"))["Location"] == here
    assert Letter.objects.count() == 1


def test_the_operator_sees_the_terms_and_the_end(client: Client, story: Story, alice: User, bob: User) -> None:
    licence = story.granted()
    client.force_login(alice)
    assert client.get(page(licence)).status_code == 200
    services.withdraw(actor=story.carol, licence=licence, now=story.now)
    text = client.get(reverse("consent:invite", args=[story.persona.pk])).content.decode()
    assert "Withdrawn" in text
    assert "30 days to settle" in text
    client.force_login(bob)
    assert client.get(page(licence)).status_code == 200


def test_proposed_terms_stand_beside_the_answer(client: Client, story: Story, carol: User) -> None:
    licence = story.identified(PROPOSED)
    client.force_login(carol)
    text = client.get(page(licence)).content.decode()
    assert "They ask for" in text
    assert 'max="2027-03-01"' in text
