"""From the feed to an endpoint: in the order of each registration, tried again by the schedule, leased, logged, erased."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from portal.access.actor import CONSOLE, SYSTEM
from portal.feed.types import EventType
from portal.keeping import purging
from portal.webhooks import queries, services
from portal.webhooks.models import Attempt, Delivery, Endpoint
from portal.webhooks.rules import Answer
from portal.webhooks.services import relaying
from portal.webhooks.states import DeliveryState
from tests.portal.webhooks.rows import happens, proven, relay
from tests.receiver import Answered, Received, Receiver, echo

pytestmark = pytest.mark.django_db
ONE, TWO = "VH-0000-0000-0001", "VH-0000-0000-0002"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A platform's server that works."""
    with Receiver() as server:
        yield server


def refusing(*registry_ids: str, status: int = 500, **headers: str) -> Any:
    """Returns the answers of a server that cannot digest these registrations."""

    def answer(received: Received) -> Answered:
        if received.told["data"].get("registry_id") in registry_ids:
            return status, headers, b"no"
        return echo(received)

    return answer


def states(endpoint: Endpoint) -> list[str]:
    """Returns the states of the deliveries in the order of the feed."""
    return list(endpoint.deliveries.order_by("sequence").values_list("state", flat=True))


def test_events_arrive_in_order_signed_and_thin(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    for kind in (EventType.PERSONA_ACTIVATED, EventType.PERSONA_SUSPENDED, EventType.PERSONA_RESTORED):
        happens(1, kind, now=now)
    assert relay(endpoint, now) == 3
    assert receiver.events()[1:] == [("persona.activated", ONE), ("persona.suspended", ONE), ("persona.restored", ONE)]
    assert all(len(each.body) < 20_000 for each in receiver.received)
    assert set(receiver.received[-1].told) == {"type", "timestamp", "data"}
    assert states(endpoint) == ["delivered"] * 3
    assert relay(endpoint, now + timedelta(days=1)) == 0


def test_an_event_that_failed_holds_back_the_later_ones_of_its_registration_alone(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    receiver.answer = refusing(ONE)
    for persona in (1, 2, 1, 2):
        happens(persona, now=now)
    relay(endpoint, now)
    assert states(endpoint) == ["waiting", "delivered", "waiting", "delivered"]
    assert [name for _kind, name in receiver.events()[1:]].count(ONE) == 1
    receiver.answer = echo
    relay(endpoint, now + 10 * SECOND)
    assert states(endpoint) == ["delivered"] * 4
    identifiers = [each.headers["webhook-id"] for each in receiver.received if each.told["data"].get("registry_id") == ONE]
    assert identifiers[0] == identifiers[1] != identifiers[2]
    stamps = [int(each.headers["webhook-timestamp"]) for each in receiver.received if each.headers["webhook-id"] == identifiers[0]]
    assert stamps[1] - stamps[0] == 10


def test_what_was_given_up_holds_back_nothing(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    receiver.answer = refusing(ONE)
    happens(1, now=now)
    happens(1, EventType.PERSONA_RESTORED, now=now)
    happens(2, now=now)
    moment = now
    for _try in range(10):
        relay(endpoint, moment)
        moment += timedelta(hours=27)  # longer than the longest wait with its jitter
        happens(2, now=moment)  # the others go well: the endpoint lives
    assert states(endpoint)[:3] == ["dead", "waiting", "delivered"]
    first = endpoint.deliveries.order_by("sequence")[0]
    assert [each.number for each in first.tries.order_by("number")] == list(range(1, 11))
    receiver.answer = echo
    relay(endpoint, moment)
    assert states(endpoint)[1] == "delivered"


def test_only_the_types_that_were_asked_for_are_made_out(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now, types=[EventType.PERSONA_REVOKED])
    happens(1, now=now)
    happens(1, EventType.PERSONA_REVOKED, now=now)
    relay(endpoint, now)
    assert receiver.events()[1:] == [("persona.revoked", ONE)]


def test_an_overloaded_endpoint_is_left_alone_as_long_as_it_asks(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    receiver.answer = refusing(ONE, status=429, **{"Retry-After": "600"})
    happens(1, now=now)
    happens(2, now=now)
    assert relay(endpoint, now) == 1  # not even the other one is sent
    assert relay(endpoint, now + 599 * SECOND) == 0
    receiver.answer = echo
    assert relay(endpoint, now + 602 * SECOND) == 2


def test_an_endpoint_that_does_not_answer_is_asked_by_one_delivery_only(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    Endpoint.objects.filter(pk=endpoint.pk).update(url="http://127.0.0.1:1/")
    for persona in range(5):
        happens(persona, now=now)
    assert relay(endpoint, now) == 1
    assert Attempt.objects.get().error == "connection_failed"


def test_what_a_relay_holds_is_touched_by_no_other_until_its_lease_is_over(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    happens(1, now=now)
    happens(1, now=now)
    services.make_out(actor=SYSTEM, endpoint_id=endpoint.pk, now=now)
    killed = relaying._claim(endpoint.pk, now)
    assert killed is not None
    assert relay(endpoint, now + SECOND) == 0
    assert relay(endpoint, now + relaying.LEASE) == 2
    assert [each.number for each in killed.delivery.tries.all()] == [2]


def test_a_relay_that_comes_back_late_changes_nothing_that_another_decided(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    happens(1, now=now)
    services.make_out(actor=SYSTEM, endpoint_id=endpoint.pk, now=now)
    late = relaying._claim(endpoint.pk, now)
    assert late is not None
    relay(endpoint, now + relaying.LEASE)
    relaying._settle(SYSTEM, late, Answer(500), now=now + relaying.LEASE, tried_at=now)
    assert states(endpoint) == ["delivered"]


def test_a_change_is_made_out_once(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    happens(1, now=now)
    assert [services.make_out(actor=SYSTEM, endpoint_id=endpoint.pk, now=now) for _ in range(2)] == [1, 0]
    assert Delivery.objects.count() == 1


def test_the_log_says_what_came_back(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    receiver.answer = lambda _received: (500, {}, b"\x00\xff" + b"x" * 5000)
    happens(1, now=now)
    relay(endpoint, now)
    [delivery] = queries.log_of(endpoint.pk)
    [tried] = delivery.tries.all()
    assert (tried.status, tried.error, tried.number, tried.at, len(tried.response)) == (500, "", 1, now, 1023)
    assert 0 <= tried.latency < 5000


def test_sent_again_by_hand_holds_back_nothing(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    happens(1, now=now)
    relay(endpoint, now)
    services.resend(actor=CONSOLE, delivery_id=Delivery.objects.get().pk, now=now)
    happens(1, EventType.PERSONA_REVOKED, now=now)
    relay(endpoint, now)
    assert sorted(receiver.events()[1:]) == [("persona.revoked", ONE), ("persona.suspended", ONE), ("persona.suspended", ONE)]


def test_what_was_sent_long_ago_goes_and_what_waits_stays(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    receiver.answer = refusing(ONE)
    happens(2, now=now)
    happens(1, now=now)
    relay(endpoint, now)
    purging.purge(actor=SYSTEM, now=now + timedelta(days=29))
    assert Delivery.objects.count() == 2
    purging.purge(actor=SYSTEM, now=now + timedelta(days=31))
    assert states(endpoint) == [DeliveryState.WAITING]


def test_the_next_delivery_is_found_by_the_index_of_what_waits(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    done = {"endpoint": endpoint, "payload": {}, "state": "delivered", "due_at": now, "created_at": now}
    Delivery.objects.bulk_create(Delivery(event=f"msg_{n}", sequence=n, registry_id=ONE, **done) for n in range(2000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE webhooks_delivery")
    plan = queries.sendable(now).filter(endpoint=endpoint)[:1].explain()
    assert "delivery_waits" in plan
    assert "Seq Scan" not in plan
