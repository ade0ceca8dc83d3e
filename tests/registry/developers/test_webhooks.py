"""The pages of a platform's webhooks, as a developer of the platform and a stranger find them."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from standardwebhooks import Webhook

from portal.access.actor import CONSOLE
from portal.accounts.models import Platform, PlatformMember, User
from portal.api import limiting
from portal.api.models import Window
from portal.kit import clock
from portal.webhooks import rules, services
from portal.webhooks.models import Delivery, Endpoint
from portal.webhooks.states import DeliveryState, EndpointState
from registry.issuing import registry_id as ids
from registry.sandbox.cast import ALLOWED
from tests import cast
from tests.portal.webhooks.rows import platform, relay
from tests.receiver import Answered, Received, Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A platform's server that works."""
    with Receiver() as server:
        yield server


@pytest.fixture
def own(alice: User) -> Platform:
    """A platform of the sandbox, for which Alice writes programs."""
    found = platform("alices")
    Platform.objects.filter(pk=found.pk).update(live_at=None)
    PlatformMember.objects.create(platform=found, user=alice, since=clock.now())
    return Platform.objects.get(pk=found.pk)


@pytest.fixture
def site(client: Client, alice: User) -> Client:
    """Alice's browser, signed in a moment ago."""
    return entered(client, alice)


def entered(client: Client, user: User) -> Client:
    client.logout()
    client.post("/accounts/login/", {"login": user.email, "password": cast.PASSWORD})
    return client


def address(name: str, *parts: Any) -> str:
    """Returns the path of a page."""
    return reverse(f"developers:{name}", args=parts)


def added(site: Client, own: Platform, url: str, **more: Any) -> tuple[Endpoint, dict[str, str]]:
    """Adds an address by the form. Returns it and the secrets that were shown, by their beginnings."""
    page = site.post(address("webhook_add", own.pk), {"url": url, "contact": "ops@example.org", **more})
    assert page.status_code == 200, page.content.decode()
    shown = re.findall(r'value="(wh\w+_[^"]+)"', unescape(page.content.decode()))
    assert "no-store" in page["Cache-Control"]
    return Endpoint.objects.latest("created_at"), {each.split("_")[0]: each for each in shown}


def told(response: Any) -> str:
    """Returns the text of the page that a form leads to."""
    return unescape(response.content.decode())


def test_an_address_is_added_proven_and_told_an_event_that_its_secret_opens(site: Client, own: Platform, receiver: Receiver) -> None:
    endpoint, secrets = added(site, own, receiver.url)
    assert set(secrets) == {"whsec", "whpk"}
    page = told(site.post(address("webhook_prove", own.pk, endpoint.pk), follow=True))
    assert "proven and active" in page
    sent = {"type": "persona.suspended", "registry_id": ids.printed(ALLOWED.registry_id)}
    assert "persona.suspended is on its way" in told(site.post(address("webhook_event", own.pk), sent, follow=True))
    assert relay(endpoint, clock.now()) == 1
    got = receiver.received[-1]
    assert Webhook(secrets["whsec"]).verify(got.body, got.headers)["data"]["environment"] == "sandbox"


def test_secrets_are_shown_once_and_only_what_is_needed(site: Client, own: Platform, receiver: Receiver) -> None:
    endpoint, secrets = added(site, own, receiver.url)
    for name in ("webhook", "webhook_change"):
        page = told(site.get(address(name, own.pk, endpoint.pk)))
        assert not [each for each in secrets.values() if each in page]
    assert "whsk_" not in told(site.post(address("webhook_rotate", own.pk, endpoint.pk)))


@pytest.mark.parametrize(
    ("url", "word"),
    [("http://example.com/", "https://"), ("https://example.com:25/", "443 and 8443"), ("https://me:pass@example.com/", "user name")],
)
def test_an_address_we_do_not_send_to_is_refused_in_plain_words(site: Client, own: Platform, settings: Any, url: str, word: str) -> None:
    settings.WEBHOOK_LOOPBACK = False
    page = site.post(address("webhook_add", own.pk), {"url": url, "contact": "ops@example.org"})
    assert page.status_code == 422
    assert word in told(page)
    assert not Endpoint.objects.exists()


def test_a_failed_proof_says_what_came_back_and_cannot_inject(site: Client, own: Platform) -> None:
    with Receiver(answer=lambda _got: (500, {}, b"<script>alert(1)</script>\x00\xff")) as server:
        endpoint, _secrets = added(site, own, server.url)
        page = site.post(address("webhook_prove", own.pk, endpoint.pk), follow=True).content.decode()
    assert "It answered 500 with: &lt;script&gt;" in page
    assert "<script>alert" not in page
    closed = site.post(address("webhook_prove", own.pk, endpoint.pk), follow=True)
    assert "refused the connection" in told(closed)


def test_the_log_shows_each_try_as_it_was_sent(site: Client, own: Platform) -> None:
    answers: Iterator[Answered] = iter([(503, {}, b"<b>busy</b>"), (200, {}, b"")])

    def answer(received: Received) -> Any:
        if challenge := received.told["data"].get("challenge"):
            return 200, {}, json.dumps({"challenge": challenge}).encode()
        return next(answers)

    with Receiver(answer=answer) as server:
        endpoint, _secrets = added(site, own, server.url)
        site.post(address("webhook_prove", own.pk, endpoint.pk))
        site.post(address("webhook_test", own.pk, endpoint.pk))
        relay(endpoint, clock.now())
        relay(endpoint, clock.now() + timedelta(minutes=1))
        first, second = server.received[1:]
    delivery = Delivery.objects.get()
    page = told(site.get(address("delivery", own.pk, delivery.pk)))
    for got in (first, second):
        assert f"webhook-signature: {got.headers['webhook-signature']}" in page
        assert f"webhook-timestamp: {got.headers['webhook-timestamp']}" in page
    assert first.body in page
    assert "<b>busy</b>" not in site.get(address("delivery", own.pk, delivery.pk)).content.decode()
    row = told(site.get(address("webhook", own.pk, endpoint.pk)))
    assert "503" in row
    assert "endpoint.test" in row
    assert "endpoint.test" not in told(site.get(address("webhook", own.pk, endpoint.pk), {"state": "dead"}))


def test_a_signature_whose_secret_is_destroyed_is_left_out(site: Client, own: Platform, receiver: Receiver) -> None:
    endpoint, _secrets = added(site, own, receiver.url)
    site.post(address("webhook_prove", own.pk, endpoint.pk))
    site.post(address("webhook_test", own.pk, endpoint.pk))
    relay(endpoint, clock.now())
    endpoint.secrets.all().delete()
    assert "cannot be shown any more" in told(site.get(address("delivery", own.pk, Delivery.objects.get().pk)))


def test_a_delivery_is_sent_again_under_its_id(site: Client, own: Platform, receiver: Receiver) -> None:
    endpoint, _secrets = added(site, own, receiver.url)
    site.post(address("webhook_prove", own.pk, endpoint.pk))
    site.post(address("webhook_test", own.pk, endpoint.pk))
    waiting = Delivery.objects.get()
    assert "still waits" in told(site.post(address("delivery_resend", own.pk, waiting.pk), follow=True))
    relay(endpoint, clock.now())
    assert "under the same webhook-id" in told(site.post(address("delivery_resend", own.pk, waiting.pk), follow=True))
    relay(endpoint, clock.now())
    assert len({each.headers["webhook-id"] for each in receiver.received[1:]}) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}


def test_an_address_that_was_given_up_says_so_and_can_be_proven_again(site: Client, own: Platform, receiver: Receiver) -> None:
    endpoint, _secrets = added(site, own, receiver.url)
    Endpoint.objects.update(state=EndpointState.DISABLED, reason="failing", disabled_at=clock.now())
    assert "failed for three days" in told(site.get(address("webhook", own.pk, endpoint.pk)))
    assert "The address is not active" in told(site.post(address("webhook_test", own.pk, endpoint.pk), follow=True))
    site.post(address("webhook_prove", own.pk, endpoint.pk))
    assert Endpoint.objects.get().state == EndpointState.ACTIVE
    site.post(address("webhook_disable", own.pk, endpoint.pk))
    assert "Somebody of your platform disabled it" in told(site.get(address("webhook", own.pk, endpoint.pk)))
    site.post(address("webhook_change", own.pk, endpoint.pk), {"contact": "new@example.org", "types": ["persona.revoked"]})
    assert Endpoint.objects.get().types == ["persona.revoked"]
    site.post(address("webhook_remove", own.pk, endpoint.pk))
    assert not Endpoint.objects.exists()


def test_nobody_else_finds_them(site: Client, own: Platform, eve: User, receiver: Receiver) -> None:
    endpoint, _secrets = added(site, own, receiver.url)
    delivery = Delivery.objects.create(endpoint=endpoint, event="msg_1", payload={}, due_at=clock.now(), created_at=clock.now())
    other = platform("eves")
    PlatformMember.objects.create(platform=other, user=eve, since=clock.now())
    entered(site, eve)
    for owner in (own, other):
        for name in ("webhook", "webhook_change"):
            assert site.get(address(name, owner.pk, endpoint.pk)).status_code == 404
        for name in ("rotate", "remove", "prove", "test", "disable", "change"):
            assert site.post(address(f"webhook_{name}", owner.pk, endpoint.pk), {"contact": "x@example.org"}).status_code == 404
        assert site.get(address("delivery", owner.pk, delivery.pk)).status_code == 404
        assert site.post(address("delivery_resend", owner.pk, delivery.pk)).status_code == 404
    assert site.get(address("webhooks", own.pk)).status_code == 404
    assert site.post(address("webhook_event", own.pk), {}).status_code == 404
    assert receiver.received == []


def test_at_a_limit_the_pages_say_when_to_go_on(site: Client, own: Platform, receiver: Receiver) -> None:
    for _place in range(rules.ENDPOINTS_AT_MOST):
        added, _secrets = services.add(actor=CONSOLE, platform=own, url=receiver.url, contact="ops@example.org", now=clock.now())
    form = {"url": receiver.url, "contact": "ops@example.org"}
    page = site.post(reverse("developers:webhook_add", args=[own.pk]), form)
    assert (page.status_code, "There are ten webhooks already" in page.content.decode()) == (422, True)
    services.prove(actor=CONSOLE, endpoint_id=added.pk, now=clock.now())
    Window.objects.all().delete()
    for quota in (rules.PROOFS, rules.ROTATIONS, rules.sends(live=False)):
        for _count in range(quota.limit):
            limiting.spend(own.pk, quota, now=clock.now())
    for name in ("webhook_prove", "webhook_test", "webhook_rotate"):
        told = site.post(reverse(f"developers:{name}", args=[own.pk, added.pk]), follow=True)
        assert (told.status_code, "That was very often. Go on in" in told.content.decode()) == (200, True), name
    chosen = {"type": "persona.revoked", "registry_id": ids.printed(ALLOWED.registry_id)}
    told = site.post(reverse("developers:webhook_event", args=[own.pk]), chosen, follow=True)
    assert "That was very often. Go on in" in told.content.decode()


def test_whoever_was_away_proves_who_they_are_before_secrets_are_shown(
    client: Client, alice: User, own: Platform, receiver: Receiver
) -> None:
    endpoint, _secrets = services.add(actor=CONSOLE, platform=own, url=receiver.url, contact="ops@example.org", now=clock.now())
    client.force_login(alice)  # a session without a fresh proof
    add, rotate = address("webhook_add", own.pk), address("webhook_rotate", own.pk, endpoint.pk)
    for page, form in ((add, {"url": receiver.url, "contact": "ops@example.org"}), (rotate, {})):
        assert client.post(page, form)["Location"] == page
        assert client.get(page)["Location"].startswith("/accounts/reauthenticate/")
    assert (Endpoint.objects.count(), endpoint.secrets.count()) == (1, 2)
    entered(client, alice)
    assert client.get(rotate)["Location"] == address("webhook", own.pk, endpoint.pk)
    assert endpoint.secrets.count() == 2
