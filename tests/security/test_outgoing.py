"""Attacks through what we send for others: an account that anybody may open has us knock at strangers' machines and mailboxes."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.access.actor import SYSTEM, Actor
from portal.accounts import rules as credentials
from portal.accounts import services as accounts
from portal.accounts.models import Environment, Platform, Scope, User
from portal.api import limiting
from portal.api.errors import QuotaExceeded
from portal.kit.errors import Invalid, TooMany
from portal.kit.limits import Quota
from portal.letters.models import Letter
from portal.platforms import rules as people
from portal.platforms import services as platforms
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
        except TooMany:
            return count
        except NotProven:
            pass
    return most


def spent(platform: Platform, quota: Quota, now: datetime, *, left: int) -> None:
    """Uses a quota up but for `left`."""
    for _count in range(quota.limit - left):
        limiting.spend(platform.pk, quota, now=now)


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

    spent(platform, rules.PROOFS, now, left=5)
    assert refused_after(knocks, 100) == len(receiver.received) == 5
    tomorrow = added(mallory, platform, receiver.url, now)
    with pytest.raises(NotProven):
        services.prove(actor=mallory, endpoint_id=tomorrow.pk, now=now + DAY)


def test_what_is_sent_by_hand_has_an_end_whichever_button_it_is(
    mallory: Actor, platform: Platform, receiver: Receiver, now: datetime
) -> None:
    endpoints = [added(mallory, platform, receiver.url, now) for _place in range(2)]
    for each in endpoints:
        services.prove(actor=mallory, endpoint_id=each.pk, now=now)
    spent(platform, rules.sends(live=False), now, left=6)
    assert refused_after(lambda: services.send_test(actor=mallory, endpoint_id=endpoints[0].pk, now=now), 3) == 3
    event: dict[str, Any] = {"platform_id": platform.pk, "registry_id": ALLOWED.registry_id, "kind": "persona.revoked"}
    assert refused_after(lambda: sandbox.send_event(actor=mallory, now=now, **event), 1000) == 1  # two addresses: two of three
    assert refused_after(lambda: services.send_test(actor=mallory, endpoint_id=endpoints[1].pk, now=now), 1000) == 1
    Delivery.objects.update(state="delivered", ended_at=now)
    again = Delivery.objects.values_list("pk", flat=True)[0]
    with pytest.raises(QuotaExceeded):
        services.resend(actor=mallory, delivery_id=again, now=now)
    assert Delivery.objects.count() == 6
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


def test_an_account_with_three_platforms_invites_no_more_strangers_than_with_one(eve: User, mallory: Actor, now: datetime) -> None:
    asked = 0
    for code in ("river", "lake-tv", "sea-cast"):
        opened = rows.sandbox(eve, code, now=now)
        for _round in range(people.DAILY_MAILS):
            try:
                row = platforms.invite(actor=mallory, platform_id=opened.pk, email="victim@example.org", role="developer", now=now)
            except TooMany:
                break
            asked += 1
            platforms.take_back(actor=mallory, platform_id=opened.pk, invitation_id=row.pk, now=now)
    assert asked == people.DAILY_MAILS


FORGED = [
    "River\n\nYou have won. Call 555-1234",
    "River\r\nBcc: x@y.example",
    "https://evil.example",
    "evil.example/prize",
    "www.evil.example",
]


@pytest.mark.parametrize("name", FORGED)
def test_a_platforms_name_writes_no_mail_of_its_own(mallory: Actor, name: str, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        platforms.open_platform(actor=mallory, name=name, code="river", website="https://river.example/", now=now)
    assert list(refused.value.errors) == ["name"]


@pytest.mark.parametrize("name", ["River.TV", "A&B / C", "星河直播", "Café Nº 5"])
def test_other_names_are_fine(name: str) -> None:
    assert people.name_problem(name) == ""


def test_keys_made_and_ended_in_a_loop_come_to_an_end(eve: User, mallory: Actor, platform: Platform, now: datetime) -> None:
    def turns() -> None:
        key, _secret = rows.key(platform, eve, now=now)
        accounts.revoke_key(actor=mallory, key_id=key.pk, now=now)

    def client() -> None:
        asked: dict[str, Any] = {"name": "c", "scopes": [Scope.READ], "environment": Environment.TEST}
        made, _secret = accounts.create_client(actor=mallory, platform=platform, now=now, **asked)
        accounts.revoke_client(actor=mallory, client_id=made.pk, now=now)

    for work in (turns, client):
        assert refused_after(work, credentials.MADE_A_DAY + 1) == credentials.MADE_A_DAY
    assert (platform.keys.count(), platform.clients.count()) == (credentials.MADE_A_DAY,) * 2
    rows.key(platform, eve, now=now + DAY)
