"""Events of the sandbox: sent and signed as real ones, to those who may ask, and in nobody's feed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from portal.access.actor import ANONYMOUS, CONSOLE, Actor, Kind
from portal.access.roles import Role
from portal.accounts.doors import actor_for
from portal.accounts.models import PlatformMember, User
from portal.feed.models import Change
from portal.feed.types import EventType
from portal.kit.errors import Invalid, NotFound, Unauthenticated
from portal.webhooks import queries, services
from portal.webhooks.models import Delivery, Endpoint
from portal.webhooks.services.sending import NobodyListens
from registry.issuing import registry_id as ids
from registry.issuing.verdict import status
from registry.sandbox import events
from registry.sandbox.cast import ALLOWED, BUSY, BY_ID
from registry.sandbox.services import send_event
from tests.portal.webhooks.rows import happens, platform, proven, relay
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db
SHOWN = ids.printed(ALLOWED.registry_id)


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A platform's server that works."""
    with Receiver() as server:
        yield server


def sent(now: datetime, *, actor: Actor = CONSOLE, registry_id: str = SHOWN, kind: str = "persona.revoked") -> list[Delivery]:
    """Sends an event to the platform `live`."""
    return send_event(actor=actor, platform_id=platform().pk, registry_id=registry_id, kind=kind, now=now)


@pytest.mark.parametrize("kind", EventType)
def test_each_event_can_be_tried(kind: EventType, receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    sent(now, kind=kind)
    assert relay(endpoint, now) == 1
    told = receiver.received[-1].told
    assert told["type"] == kind
    assert told["data"] == {"registry_id": SHOWN, "status": events.LEADS_TO[kind], "environment": "sandbox"}
    assert not Change.objects.exists()


def test_it_goes_to_every_address_that_hears_of_its_type_under_one_id(receiver: Receiver, now: datetime) -> None:
    one, two = proven(receiver.url, now=now), proven(receiver.url, now=now, types=["persona.revoked"])
    deaf = proven(receiver.url, now=now, types=["persona.expired"])
    waiting = sent(now)
    assert {each.endpoint_id for each in waiting} == {one.pk, two.pk}
    assert len({each.event for each in waiting}) == 1
    assert not deaf.deliveries.exists()


def test_without_an_address_that_hears_it_says_so(receiver: Receiver, now: datetime) -> None:
    services.add(actor=CONSOLE, platform=platform(), url=receiver.url, contact="ops@example.org", now=now)
    with pytest.raises(NobodyListens):
        sent(now)


@pytest.mark.parametrize("wrong", ["VH-0000-0000-0000", "x", ids.printed(BUSY)])
def test_only_personas_of_the_sandbox_can_be_named(receiver: Receiver, now: datetime, wrong: str) -> None:
    proven(receiver.url, now=now)
    with pytest.raises(Invalid) as refused:
        sent(now, registry_id=wrong, kind="persona.invented")
    assert set(refused.value.errors) == {"registry_id", "type"}


def test_strangers_and_other_platforms_send_nothing(receiver: Receiver, eve: User, now: datetime) -> None:
    proven(receiver.url, now=now)
    other = Actor(Kind.PLATFORM, platform("other").pk, frozenset({Role.PLATFORM}))
    for actor, refusal in ((ANONYMOUS, Unauthenticated), (actor_for(eve), NotFound), (other, NotFound)):
        with pytest.raises(refusal):
            sent(now, actor=actor)
    assert not Delivery.objects.exists()


def test_a_member_manages_the_webhooks_of_their_platform(receiver: Receiver, eve: User, now: datetime) -> None:
    proven(receiver.url, now=now)
    PlatformMember.objects.create(platform=platform(), user=eve, since=now)
    assert queries.visible_to(actor_for(eve)).count() == 1
    assert len(sent(now, actor=actor_for(eve))) == 1


def test_a_platform_of_the_sandbox_is_told_nothing_of_the_registry(receiver: Receiver, now: datetime) -> None:
    own = platform()
    type(own).objects.filter(pk=own.pk).update(live_at=None)
    endpoint = proven(receiver.url, now=now)
    happens(1, now=now)
    assert list(queries.waiting(now)) == []
    sent(now)
    assert relay(endpoint, now) == 1
    assert [kind for kind, _id in receiver.events()] == ["endpoint.verify", "persona.revoked"]
    type(own).objects.filter(pk=own.pk).update(live_at=now)
    assert list(queries.waiting(now)) == [endpoint.pk]
    assert Endpoint.objects.get().position == 0


def test_the_status_of_an_event_is_one_that_a_persona_of_the_sandbox_has(now: datetime) -> None:
    seen = {status(facts, now) for each in BY_ID.values() if (facts := each.facts("any", now))}
    assert set(events.LEADS_TO) == set(EventType)
    assert set(events.LEADS_TO.values()) <= seen
