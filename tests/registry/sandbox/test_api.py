"""The sandbox by a program: events for a platform's receiver, and a verdict beside a file."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.access.actor import CONSOLE
from portal.accounts import services as accounts
from portal.accounts.models import Environment, Platform, Scope
from portal.kit import clock
from portal.webhooks.models import Delivery
from registry.issuing import registry_id as ids
from registry.sandbox.cast import ALLOWED, OUT_OF_REACH
from tests.portal.webhooks.rows import platform, proven, relay
from tests.receiver import Receiver
from tests.registry.labels import files

pytestmark = pytest.mark.django_db
EVENTS = "/api/v1/sandbox/events"
SHOWN = ids.printed(ALLOWED.registry_id)


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True
    cache.clear()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A platform's server that works."""
    with Receiver() as server:
        yield server


def headers(*scopes: Scope, environment: Environment = Environment.TEST) -> dict[str, str]:
    """Returns the header of a new key of the platform `live`."""
    made = accounts.issue_key(
        actor=CONSOLE, platform=platform(), name=environment, scopes=list(scopes), now=clock.now(), environment=environment
    )
    return {"authorization": f"Bearer {made[1]}", "accept-language": "en"}


def sent(client: Client, key: dict[str, str], **members: str) -> Any:
    """Returns the answer to an event."""
    body = {"registry_id": SHOWN, "type": "persona.expired", **members}
    return client.post(EVENTS, body, content_type="application/json", headers=key)


def test_a_test_key_sends_its_platform_an_event(client: Client, receiver: Receiver) -> None:
    endpoint = proven(receiver.url, now=clock.now())
    Platform.objects.update(live_at=None)
    answer = sent(client, headers(Scope.WEBHOOKS))
    assert answer.status_code == 202
    [item] = answer.json()["items"]
    assert (item["type"], item["state"]) == ("persona.expired", "waiting")
    assert relay(endpoint, clock.now()) == 1
    assert receiver.received[-1].told["data"] == {"registry_id": SHOWN, "status": "expired", "environment": "sandbox"}
    assert receiver.received[-1].headers["webhook-id"] == item["event"]


def test_the_same_request_sends_one_event(client: Client, receiver: Receiver) -> None:
    proven(receiver.url, now=clock.now())
    key = headers(Scope.WEBHOOKS) | {"idempotency-key": "one-event-please"}
    assert sent(client, key).json() == sent(client, key).json()
    assert Delivery.objects.count() == 1


def test_what_cannot_be_sent_is_refused(client: Client, receiver: Receiver) -> None:
    key = headers(Scope.WEBHOOKS)
    assert sent(client, key).json()["code"] == "webhook_none_hears"
    proven(receiver.url, now=clock.now())
    assert sent(client, key, registry_id="VH-0000-0000-0000").status_code == 422
    assert sent(client, key, type="persona.invented").status_code == 422
    assert sent(client, headers(Scope.READ)).status_code == 403
    assert not Delivery.objects.exists()


def inspected(client: Client, key: dict[str, str], registry_id: str) -> Any:
    """Returns the answer to a file with a question."""
    question = {"registry_id": ids.printed(registry_id), "platform": "live", "activity": "upload"}
    file = SimpleUploadedFile("x.png", files.picture("PNG"))
    return client.post("/api/v1/labels:inspect", {"file": file, **question}, headers=key)


def test_a_file_is_inspected_with_a_verdict_of_the_sandbox(client: Client) -> None:
    key = headers(Scope.CHECK)
    verdict = inspected(client, key, ALLOWED.registry_id).json()["verdict"]
    assert (verdict["decision"], verdict["environment"]) == ("allow", "sandbox")
    refused = inspected(client, key, "TESTREV0KEDB").json()["verdict"]
    assert [reason["code"] for reason in refused["reasons"]] == ["not_active"]
    assert inspected(client, key, OUT_OF_REACH).status_code == 503
    live = headers(Scope.CHECK, environment=Environment.LIVE)
    assert inspected(client, live, ALLOWED.registry_id).json()["code"] == "persona_unknown"
