"""The relay that tells platforms: what a registration is, compared with what was told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from portal.access.actor import ANONYMOUS, SYSTEM, Actor
from portal.accounts.models import User
from portal.feed.models import Change
from portal.kit.errors import Unauthenticated
from portal.outbox.services import publish
from portal.outbox.topics import Topic
from registry.consent import services as consent
from registry.consent.models import Licence
from registry.events import queries, services
from registry.events.models import Published
from registry.issuing import queries as issuing
from registry.issuing import services as registrations
from registry.issuing.models import Act as Prohibited
from registry.issuing.models import Party, Registration, Side
from registry.issuing.registry_id import printed
from registry.issuing.tokens import GIVER, RECEIVER, token_of
from tests.registry.rows import licence_of, registration_of, verified

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[User], Actor]
DAY = timedelta(days=1)


def relay(now: datetime) -> None:
    """Lets the relay run until it does not get on."""
    for _round in range(20):
        if not services.relay(actor=SYSTEM, now=now):
            return


def told(platform: str = "demo-live") -> list[tuple[str, str]]:
    """Returns type and status of what stands in a platform's feed."""
    return list(Change.objects.filter(feed__platform=platform).order_by("sequence").values_list("type", "status"))


def hold(registration: Registration, actor: Actor, now: datetime) -> None:
    """Lets the operator pause the persona."""
    where: dict[str, Any] = {"registration_id": registration.pk, "party": Party.OPERATOR}
    registrations.place_hold(actor=actor, reason="pause", note="", now=now, **where)


def lift(registration: Registration, actor: Actor, now: datetime) -> None:
    """Ends the operator's pause."""
    registrations.lift_hold(actor=actor, registration_id=registration.pk, party=Party.OPERATOR, now=now)


def test_a_registration_is_told_with_its_number_and_its_way(alice: User, act: Act, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    relay(now)
    hold(registration, act(alice), now)
    relay(now)
    lift(registration, act(alice), now)
    relay(now)
    assert told() == [("persona.activated", "active"), ("persona.suspended", "suspended"), ("persona.restored", "active")]
    assert {row.registry_id for row in Change.objects.all()} == {printed(registration.registry_id)}


def test_what_did_not_change_is_not_told_again(alice: User, act: Act, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    relay(now)
    with transaction.atomic():
        publish(Topic.PERSON_CHANGED, stream="person:x", now=now, user=str(alice.pk))
    relay(now)
    services.tell(registration_id=registration.pk, edges=[], now=now)
    assert len(told()) == 1


def test_time_alone_is_told(alice: User, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    relay(now)
    assert not queries.waiting(registration.expires_at - DAY).exists()
    relay(registration.expires_at)
    assert told()[-1] == ("persona.expired", "expired")
    assert Published.objects.get().due_at is None


def test_the_last_day_of_a_licence_is_told_when_it_has_passed(alice: User, carol: User, now: datetime) -> None:
    registration = registration_of(alice, now=now, portrayed="other")
    verified(carol, now=now)
    licence_of(registration.persona, carol, now=now, ends_on=(now + 3 * DAY).date())
    relay(now)
    relay(now + 2 * DAY)
    assert len(told()) == 1
    relay(now + 4 * DAY)
    assert told()[-1] == ("persona.suspended", "suspended")


def test_a_withdrawn_licence_is_told_as_such_and_then_what_follows(alice: User, carol: User, act: Act, now: datetime) -> None:
    registration = registration_of(alice, now=now, portrayed="other")
    verified(carol, now=now)
    licence: Licence = licence_of(registration.persona, carol, now=now)
    relay(now)
    consent.withdraw(actor=act(carol), licence=licence, now=now)
    relay(now)
    relay(now)
    assert [kind for kind, _status in told()] == ["persona.activated", "consent.withdrawn", "persona.suspended"]


def test_a_platform_that_the_persona_has_left_hears_of_it_once(alice: User, now: datetime) -> None:
    registration = registration_of(alice, now=now, platforms=["demo-live", "demo-video"])
    relay(now)
    registration.facts["platforms"] = ["demo-live"]
    registration.save()
    for _ in range(2):
        with transaction.atomic():
            publish(Topic.PERSONA_UPDATED, stream="persona:x", now=now, persona=str(registration.persona_id))
        relay(now)
    assert [kind for kind, _status in told("demo-video")] == ["persona.activated", "persona.updated"]
    assert [kind for kind, _status in told()] == ["persona.activated", "persona.updated", "persona.updated"]


def test_a_slow_clock_does_not_bring_back_what_is_over(alice: User, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    relay(registration.expires_at)
    services.tell(registration_id=registration.pk, edges=[], now=now)
    assert told() == [("persona.expired", "expired")]


def test_one_that_cannot_be_compared_holds_up_nobody_and_is_made_up_for(
    alice: User, act: Act, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = registration_of(alice, now=now), registration_of(alice, now=now)
    relay(now)
    plain = issuing.facts_of
    monkeypatch.setattr(issuing, "facts_of", lambda row: 1 / 0 if row.pk == bad.pk else plain(row))
    for row in (bad, good):
        with transaction.atomic():
            publish(Topic.PERSONA_UPDATED, stream="persona:x", now=now, persona=str(row.persona_id))
    hold(bad, act(alice), now)
    hold(good, act(alice), now)
    relay(now)
    assert [kind for kind, _status in told()][2:] == ["persona.updated", "persona.suspended"]
    assert "could not be compared" in caplog.text
    monkeypatch.undo()
    relay(now + services.AGAIN)
    assert [kind for kind, _status in told()][4:] == ["persona.updated", "persona.suspended"]


def test_only_the_machine_relays(now: datetime) -> None:
    with pytest.raises(Unauthenticated):
        services.relay(actor=ANONYMOUS, now=now)


def test_a_renewal_and_a_transfer_are_told(alice: User, eve: User, act: Act, now: datetime) -> None:
    verified(alice, now=now, valid_until=now + 900 * DAY)
    verified(eve, now=now, valid_until=now + 900 * DAY)
    registration = registration_of(alice, now=now)
    later = registration.expires_at - DAY
    relay(now)
    registrations.renew(actor=act(alice), registration_id=registration.pk, now=later)
    relay(later)
    transfer = registrations.ask_transfer(actor=act(alice), registration_id=registration.pk, email=eve.email, now=later)
    registrations.confirm_giving(actor=act(alice), token=token_of(transfer.pk, GIVER), now=later)
    relay(later)
    registrations.confirm_receiving(actor=act(eve), token=token_of(transfer.pk, RECEIVER), operator="", now=later)
    relay(later)
    assert told() == [("persona.activated", "active"), ("persona.renewed", "active"), ("persona.transferred", "active")]


def test_a_retirement_is_told_and_so_is_its_end(alice: User, act: Act, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    relay(now)
    registrations.retire(actor=act(alice), registration_id=registration.pk, now=now)
    relay(now)
    registrations.restore(actor=act(alice), registration_id=registration.pk, now=now)
    relay(now)
    assert told() == [("persona.activated", "active"), ("persona.retired", "retired"), ("persona.restored", "active")]


def test_a_prohibition_is_no_news_for_platforms(alice: User, act: Act, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    relay(now)
    registrations.prohibit(actor=act(alice), registration_id=registration.pk, side=Side.HOLDER, act=Prohibited.TRANSFER, now=now)
    relay(now)
    assert told() == [("persona.activated", "active")]
