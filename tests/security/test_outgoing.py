"""Attacks through what we send for others: an account that anybody may open has us knock at strangers' machines and mailboxes."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.access.actor import SYSTEM, Actor
from portal.accounts.models import Environment, Platform, Scope, User
from portal.api.errors import QuotaExceeded
from portal.letters.models import Letter
from portal.webhooks import rules, services
from portal.webhooks.models import Delivery, Endpoint
from portal.webhooks.services.endpoints import EndpointsTaken
from portal.webhooks.services.proving import NotProven
from registry.sandbox import services as sandbox
from registry.sandbox.cast import ALLOWED
from tests.portal.api.rows import Calling
from tests.portal.platforms import rows
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db
Act = Callable[[User], Actor]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The server of somebody who knows of nothing, until it is told to answer."""
    with Receiver() as server:
        yield server


@pytest.fixture
def mallory(eve: User, act: Act) -> Actor:
    """Whoever opened a platform a minute ago."""
    return act(eve)


@pytest.fixture
def platform(eve: User, now: datetime) -> Platform:
    """Hers, in the sandbox."""
    return rows.sandbox(eve, now=now)


def added(mallory: Actor, platform: Platform, url: str, now: datetime) -> Endpoint:
    return services.add(actor=mallory, platform=platform, url=url, contact="victim@example.org", now=now)[0]


def refused_after(work: Callable[[], object], most: int) -> int:
    """Returns how often the work was done before it was refused."""
    for count in range(most):
        try:
            work()
        except QuotaExceeded:
            return count
        except NotProven:
            pass
    return most


def test_a_platform_has_ten_addresses_at_most(mallory: Actor, platform: Platform, receiver: Receiver, now: datetime) -> None:
    for _place in range(rules.ENDPOINTS_AT_MOST):
        added(mallory, platform, receiver.url, now)
    with pytest.raises(EndpointsTaken):
        added(mallory, platform, receiver.url, now)


def test_a_stranger_hears_so_many_challenges_a_day_however_the_address_is_added_anew(
    mallory: Actor, platform: Platform, receiver: Receiver, now: datetime
) -> None:
    receiver.answer = lambda _received: (404, {}, b"who are you?")

    def knocks() -> None:
        endpoint = added(mallory, platform, receiver.url, now)
        try:
            services.prove(actor=mallory, endpoint_id=endpoint.pk, now=now)
        finally:
            services.remove(actor=mallory, endpoint_id=endpoint.pk, now=now)

    assert refused_after(knocks, 100) == len(receiver.received) == rules.PROOFS.limit
    tomorrow = added(mallory, platform, receiver.url, now)
    with pytest.raises(NotProven):
        services.prove(actor=mallory, endpoint_id=tomorrow.pk, now=now + DAY)


def test_what_is_sent_by_hand_has_an_end_whichever_button_it_is(
    mallory: Actor, platform: Platform, receiver: Receiver, now: datetime
) -> None:
    endpoints = [added(mallory, platform, receiver.url, now) for _place in range(2)]
    for each in endpoints:
        services.prove(actor=mallory, endpoint_id=each.pk, now=now)
    test = lambda: services.send_test(actor=mallory, endpoint_id=endpoints[0].pk, now=now)  # noqa: E731
    assert refused_after(test, rules.sends(live=False).limit // 2) == rules.sends(live=False).limit // 2
    event = {"platform_id": platform.pk, "registry_id": ALLOWED.registry_id, "kind": "persona.revoked"}
    refused_after(lambda: sandbox.send_event(actor=mallory, now=now, **event), 1000)
    Delivery.objects.update(state="delivered", ended_at=now)
    again = Delivery.objects.values_list("pk", flat=True)[0]
    with pytest.raises(QuotaExceeded):
        services.resend(actor=mallory, delivery_id=again, now=now)
    assert Delivery.objects.count() == rules.sends(live=False).limit
    test_key = Calling("", Scope.WEBHOOKS, platform=platform, environment=Environment.TEST)
    answer = test_key.send("POST", "sandbox/events", {"registry_id": "VH-TEST-A110-WEDZ", "type": "persona.revoked"})
    assert (answer.status_code, answer.json()["code"]) == (429, "quota_exceeded")
    assert services.send_test(actor=mallory, endpoint_id=endpoints[0].pk, now=now + timedelta(hours=1))


def test_a_stranger_named_as_the_contact_gets_no_flood_of_mails(
    mallory: Actor, platform: Platform, receiver: Receiver, now: datetime
) -> None:
    endpoint = added(mallory, platform, receiver.url, now)
    echo = receiver.answer
    for _round in range(rules.MAILS.limit + 3):
        receiver.answer = echo
        services.prove(actor=mallory, endpoint_id=endpoint.pk, now=now)
        services.send_test(actor=mallory, endpoint_id=endpoint.pk, now=now)
        receiver.answer = lambda _received: (410, {}, b"")
        assert services.deliver_next(actor=SYSTEM, endpoint_id=endpoint.pk, now=now)
        Delivery.objects.all().delete()
        Endpoint.objects.update(resume_at=None)
    assert Endpoint.objects.get().state == "disabled"
    assert Letter.objects.filter(kind="webhook.disabled").count() == rules.MAILS.limit


def test_new_secrets_in_a_loop_make_no_endless_header(mallory: Actor, platform: Platform, receiver: Receiver, now: datetime) -> None:
    endpoint = added(mallory, platform, receiver.url, now)
    turns = refused_after(lambda: services.rotate(actor=mallory, endpoint_id=endpoint.pk, now=now), 50)
    assert turns == rules.ROTATIONS.limit
    services.prove(actor=mallory, endpoint_id=endpoint.pk, now=now)
    assert len(receiver.received[-1].headers["webhook-signature"]) < 4096
