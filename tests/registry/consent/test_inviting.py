"""The operator asks; the mail carries the link and nothing about a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from portal.letters import services as letters
from portal.letters.models import Letter
from registry.consent import rules, services
from registry.consent.models import Licence
from registry.consent.rules import Terms
from registry.consent.states import LicenceState
from registry.consent.tokens import digest
from registry.personas.models import Persona
from tests.post import deliver
from tests.registry.consent.conftest import PROPOSED, Story

Act = Callable[[User], Actor]


def delivered() -> str:
    """Sends what waits; returns the text of the last mail."""
    return str(deliver()[-1].body)


def test_the_mail_carries_the_link_and_no_person(story: Story, alice: User) -> None:
    licence, token = story.invited()
    text = delivered()
    assert f"http://localhost:8000/licences/i/{token}/" in text
    assert mail.outbox[0].to == ["carol@example.org"]
    for personal in (alice.email, "carol", "Person"):
        assert personal not in text
    assert licence.token_digest == digest(token)


def test_neither_token_nor_address_stands_in_the_database(story: Story) -> None:
    _, token = story.invited()
    with connection.cursor() as cursor:
        for table in ("consent_licence", "letters_letter", "audit_entry", "outbox_message"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")  # noqa: S608 – names from the line above
            stored = str(cursor.fetchone()[0])
            assert token not in stored
            assert "carol@" not in stored
            assert b"carol@".hex() not in stored


def test_a_letter_is_sent_once_and_waits_longer_each_time_it_fails(story: Story, settings: pytest.FixtureRequest) -> None:
    story.invited()
    letter = Letter.objects.get()
    settings.EMAIL_BACKEND = "tests.portal.broken.Backend"  # type: ignore[attr-defined]
    letters.send(letter_id=letter.pk, now=story.now)
    letter.refresh_from_db()
    assert (letter.sent_at, letter.attempts, letter.due_at) == (None, 1, story.now + timedelta(seconds=10))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    for _ in range(2):
        letters.send(letter_id=letter.pk, now=story.now + timedelta(seconds=10))
    assert len(mail.outbox) == 1


def test_only_the_operator_invites(story: Story, eve: User, bob: User, act: Act) -> None:
    for user, error in ((eve, NotFound), (bob, Forbidden)):
        with pytest.raises(error):
            services.invite(actor=act(user), persona=story.persona, email="x@example.org", terms=PROPOSED, now=story.now)


@pytest.mark.parametrize("email", ["", "carol", "alice@example.org", "ALICE@example.org"])
def test_an_address_that_cannot_answer_is_refused(story: Story, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        story.invited(email=email)
    assert set(refused.value.errors) == {"email"}


@pytest.mark.parametrize(
    ("terms", "fields"),
    [
        (Terms(), set(rules.LISTS)),
        (replace(PROPOSED, platforms=("nowhere",)), {"platforms"}),
        (replace(PROPOSED, territories=("XX",)), {"territories"}),
        (replace(PROPOSED, ends_on=date(2026, 3, 1)), {"ends_on"}),
        (replace(PROPOSED, starts_on=date(2028, 1, 1)), {"ends_on"}),
        (replace(PROPOSED, notice_days=366), {"notice_days"}),
    ],
)
def test_terms_that_make_no_sense_are_refused(story: Story, terms: Terms, fields: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        story.invited(terms)
    assert set(refused.value.errors) == fields


def test_a_persona_that_shows_nobody_else_needs_no_licence(story: Story) -> None:
    Persona.objects.update(portrayed="nobody")
    with pytest.raises(Invalid):
        story.invited()


def test_the_person_must_have_something_to_look_at(story: Story) -> None:
    story.persona.portraits.all()[0].delete()
    with pytest.raises(Invalid):
        story.invited()


def test_there_is_one_invitation_at_a_time(story: Story) -> None:
    licence, _ = story.invited()
    with pytest.raises(services.AlreadyInvited):
        story.invited()
    services.take_back(actor=story.alice, licence=licence, now=story.now)
    story.invited()


def test_sending_again_makes_a_new_link_and_kills_the_old_one(story: Story) -> None:
    licence, old = story.invited()
    later = story.now + timedelta(days=1)
    resent, new = services.resend(actor=story.alice, licence=licence, now=later)
    assert resent.invitation_ends == later + rules.INVITATION_LIFE
    with pytest.raises(NotFound):
        services.invitation(old, later)
    assert services.invitation(new, later) == licence
    assert new in delivered()
    assert [old in str(each.body) for each in mail.outbox] == [False]


def test_a_strangers_mailbox_is_not_flooded(story: Story) -> None:
    licence, _ = story.invited()
    with pytest.raises(TooMany):
        services.resend(actor=story.alice, licence=licence, now=story.now)
    for hour in range(1, 5):
        services.resend(actor=story.alice, licence=licence, now=story.now + timedelta(hours=hour))
    with pytest.raises(TooMany):
        services.resend(actor=story.alice, licence=licence, now=story.now + timedelta(days=2))


def test_an_opened_invitation_is_not_sent_again_but_can_be_taken_back(story: Story) -> None:
    licence = story.opened()
    with pytest.raises(Conflict):
        services.resend(actor=story.alice, licence=licence, now=story.now)
    assert services.take_back(actor=story.alice, licence=licence, now=story.now).state == LicenceState.SUPERSEDED


def test_the_operator_takes_back_no_granted_licence(story: Story) -> None:
    licence = story.granted()
    with pytest.raises(Conflict):
        services.take_back(actor=story.alice, licence=licence, now=story.now)
    with pytest.raises(NotFound):
        services.take_back(actor=story.carol, licence=licence, now=story.now)
    assert Licence.objects.get().state == LicenceState.GRANTED
