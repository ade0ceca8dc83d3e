"""The link works once, for the person it was sent to."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connections

from portal.access.actor import Actor
from portal.accounts.models import Member, User
from portal.audit.queries import trail_of
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, PortalError
from portal.letters.models import Letter
from registry.consent import services
from registry.consent.models import Licence
from registry.consent.services.opening import InvitationForAnother, InvitationOver, InvitationUnknown, OwnInvitation
from registry.consent.states import LicenceState
from tests.cast import EPOCH
from tests.registry.consent.conftest import Story

Act = Callable[[User], Actor]


def test_opening_binds_the_licence_and_uses_the_link_up(story: Story) -> None:
    _, token = story.invited()
    licence = services.open_invitation(token=token, actor=story.carol, now=story.now)
    assert (licence.state, licence.portrayed_id, licence.token_digest) == (LicenceState.OPENED, story.carol.id, "")
    with pytest.raises(InvitationUnknown):
        services.open_invitation(token=token, actor=story.carol, now=story.now)


def test_a_guessed_link_opens_nothing(story: Story) -> None:
    story.opened()  # its digest is empty now: an empty token must not find it
    for token in ("", "guess", "0" * 43):
        with pytest.raises(InvitationUnknown):
            services.invitation(token, story.now)


def test_a_link_ends_after_seven_days(story: Story) -> None:
    _, token = story.invited()
    assert services.invitation(token, story.now + timedelta(days=7, seconds=-1))
    with pytest.raises(InvitationOver):
        services.open_invitation(token=token, actor=story.carol, now=story.now + timedelta(days=7))


def test_who_asks_cannot_answer_nor_can_a_colleague(story: Story, eve: User, act: Act) -> None:
    Member.objects.create(operator=story.persona.operator, user=eve, since=EPOCH)
    _, token = story.invited()
    for actor in (story.alice, act(eve)):
        with pytest.raises(OwnInvitation):
            services.open_invitation(token=token, actor=actor, now=story.now)


def test_a_forwarded_link_opens_for_nobody_else(story: Story, eve: User, act: Act) -> None:
    _, token = story.invited()
    with pytest.raises(InvitationForAnother):
        services.open_invitation(token=token, actor=act(eve), now=story.now)
    EmailAddress.objects.create(user=eve, email="carol.too@example.org", verified=False)
    Licence.objects.all().delete()
    _, token = story.invited(email="Carol.Too@example.org")
    with pytest.raises(InvitationForAnother):
        services.open_invitation(token=token, actor=act(eve), now=story.now)
    EmailAddress.objects.filter(user=eve).update(verified=True)
    assert services.open_invitation(token=token, actor=act(eve), now=story.now).portrayed == eve


def test_an_auditor_answers_nothing(story: Story, frank: User, act: Act) -> None:
    _, token = story.invited(email=frank.email)
    with pytest.raises(Forbidden):
        services.open_invitation(token=token, actor=act(frank), now=story.now)


def test_saying_no_needs_no_account(story: Story) -> None:
    licence, token = story.invited()
    with pytest.raises(Invalid):
        services.decline_invitation(token=token, reason="because", now=story.now)
    services.decline_invitation(token=token, reason="unknown", now=story.now)
    licence.refresh_from_db()
    assert (licence.state, licence.decline_reason, licence.token_digest) == (LicenceState.DECLINED, "unknown", "")
    assert Letter.objects.filter(kind="licence.declined").get().to_id == story.alice.id
    assert trail_of(licence).last().actor_kind == "anonymous"  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_one_link_raced_in_two_windows_opens_once(story: Story) -> None:
    _, token = story.invited()

    def attempt(_: int) -> str:
        try:
            return str(services.open_invitation(token=token, actor=story.carol, now=story.now).state)
        except PortalError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == ["invitation_unknown", "opened"]


@pytest.mark.django_db(transaction=True)
def test_opening_and_taking_back_at_once_leave_one_answer(story: Story) -> None:
    licence, token = story.invited()

    def attempt(take_back: bool) -> str:
        try:
            if take_back:
                return str(services.take_back(actor=story.alice, licence=licence, now=story.now).state)
            return str(services.open_invitation(token=token, actor=story.carol, now=story.now).state)
        except (NotFound, Conflict):
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(attempt, [True, False]))
    licence.refresh_from_db()
    # Opened first, it may still be taken back; taken back first, it cannot be opened.
    assert outcomes[0] == "superseded"
    assert licence.state == LicenceState.SUPERSEDED
