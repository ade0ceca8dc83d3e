"""`/api/v1/webhooks`: a platform manages its own, and of others' there is nothing."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from portal.access.actor import CONSOLE
from portal.kit import clock
from portal.webhooks import services
from portal.webhooks.models import Delivery, Endpoint
from tests.portal.api.rows import Calling
from tests.portal.webhooks.rows import proven
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db
NEW = {"url": "https://hooks.example.com/in", "contact": "ops@example.org"}


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True


@pytest.fixture
def live(db: None) -> Calling:
    """The platform `live`."""
    return Calling("live")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Its server."""
    with Receiver() as server:
        yield server


def test_a_webhook_from_adding_to_removing(live: Calling, receiver: Receiver) -> None:
    added = live.send("POST", "webhooks", {**NEW, "url": receiver.url, "types": ["persona.revoked"]})
    told, path = added.json(), f"webhooks/{added.json()['id']}"
    assert (added.status_code, told["state"], added["Location"]) == (201, "pending", f"http://testserver/api/v1/{path}")
    assert (told["secrets"]["secret"][:6], told["secrets"]["public_key"][:5]) == ("whsec_", "whpk_")
    assert "whsk_" not in added.content.decode()
    assert "secrets" not in live.get(path).json()
    assert live.send("POST", f"{path}:test").json()["code"] == "webhook_not_active"
    verified = live.send("POST", f"{path}:verify")
    assert (verified.status_code, verified.json()["state"]) == (200, "active")
    assert live.send("POST", f"{path}:verify").status_code == 409
    rotated = live.send("POST", f"{path}:rotate").json()
    assert rotated["secret"] != told["secrets"]["secret"]
    tested = live.send("POST", f"{path}:test", Idempotency_Key="t")
    assert (tested.status_code, tested.json()["type"], tested.json()["state"]) == (202, "endpoint.test", "waiting")
    etag = live.get(path)["ETag"]
    assert live.send("DELETE", path, If_Match=etag).status_code == 204
    assert live.get(path).status_code == 404
    assert not Delivery.objects.exists()


def test_a_change_names_the_version_it_changes(live: Calling) -> None:
    added = live.send("POST", "webhooks", NEW)
    path, change = f"webhooks/{added.json()['id']}", {"types": ["persona.revoked"], "language": "zh-hans"}
    assert live.send("PATCH", path, change).json()["code"] == "precondition_required"
    for stale in ('"x"', "garbage", f"W/{added['ETag']}"):
        assert live.send("PATCH", path, change, If_Match=stale).json()["code"] == "precondition_failed"
    changed = live.send("PATCH", path, change, If_Match=added["ETag"])
    assert (changed.status_code, changed.json()["types"], changed.json()["language"]) == (200, ["persona.revoked"], "zh-hans")
    assert live.get(path)["ETag"] == changed["ETag"] != added["ETag"]
    assert live.send("DELETE", path, If_Match=added["ETag"]).status_code == 412
    assert live.send("DELETE", path).status_code == 428
    assert live.send("PATCH", path, {"url": "https://other.example.com/"}, If_Match=changed["ETag"]).status_code == 422


def test_of_another_platforms_webhook_there_is_nothing(live: Calling, receiver: Receiver) -> None:
    mine = proven(receiver.url, now=clock.now())
    delivery = services.send_test(actor=CONSOLE, endpoint_id=mine.pk, now=clock.now())
    Delivery.objects.update(state="delivered", ended_at=clock.now())
    eve = Calling("eve")
    tries = [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", ":verify"),
        ("POST", ":rotate"),
        ("POST", ":test"),
        ("GET", "/deliveries"),
    ]
    for method, suffix in tries:
        body: Any = {"types": []} if method == "PATCH" else None
        theirs = eve.send(method, f"webhooks/{mine.pk}{suffix}", body, If_Match="*")
        nothing = eve.send(method, f"webhooks/{uuid.uuid4()}{suffix}", body, If_Match="*")
        assert (theirs.status_code, theirs.json()["code"]) == (nothing.status_code, nothing.json()["code"]) == (404, "not_found")
    assert eve.send("POST", f"webhook-deliveries/{delivery.pk}:resend").status_code == 404
    assert eve.get("webhooks").json() == {"items": [], "next_cursor": None}
    assert Endpoint.objects.get().state == "active"
    assert live.send("POST", f"webhook-deliveries/{delivery.pk}:resend").status_code == 202


@pytest.mark.parametrize("url", ["https://user:x@h.example.com/", "http://10.0.0.1/", "https://h.example.com:22/", "javascript:alert(1)"])
def test_an_address_we_would_not_send_to_is_pointed_at(live: Calling, url: str, settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = False
    answer = live.send("POST", "webhooks", {**NEW, "url": url})
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, ["#/url"])


def test_the_log_is_read_page_by_page_the_newest_first(live: Calling, receiver: Receiver) -> None:
    endpoint = proven(receiver.url, now=clock.now())
    at = clock.now()
    made = [services.send_test(actor=CONSOLE, endpoint_id=endpoint.pk, now=at - timedelta(minutes=turn // 2)) for turn in range(5)]
    seen, query = [], "?limit=2"
    while query:
        page = live.get(f"webhooks/{endpoint.pk}/deliveries{query}")
        seen += [each["id"] for each in page.json()["items"]]
        following = page.json()["next_cursor"]
        query = f"?limit=2&cursor={following}" if following else ""
    assert sorted(seen) == sorted(str(each.pk) for each in made)
    newest = [each.created_at for each in sorted(made, key=lambda each: seen.index(str(each.pk)))]
    assert newest == sorted(newest, reverse=True)
    assert live.get(f"webhooks/{endpoint.pk}/deliveries?state=dead").json()["items"] == []


def test_a_cursor_counts_for_its_platform_and_its_question_only(live: Calling, receiver: Receiver) -> None:
    endpoint = proven(receiver.url, now=clock.now())
    for _turn in range(3):
        services.send_test(actor=CONSOLE, endpoint_id=endpoint.pk, now=clock.now())
        live.send("POST", "webhooks", NEW)
    path = f"webhooks/{endpoint.pk}/deliveries"
    page = live.get(f"{path}?limit=1")
    cursor = page.json()["next_cursor"]
    assert live.get(f"{path}?limit=2&cursor={cursor}").status_code == 200
    assert f'cursor={cursor}>; rel="next"' in page["Link"].replace("%3A", ":")
    assert page["Link"].endswith('>; rel="first"')
    eve = Calling("eve")
    for caller, question in (
        (live, f"webhooks?cursor={cursor}"),
        (live, f"{path}?state=waiting&cursor={cursor}"),
        (live, f"{path}?cursor={cursor}x"),
        (live, f"{path}?cursor={'A' + cursor[1:]}"),
        (live, f"{path}?cursor=x"),
        (eve, f"webhooks?cursor={live.get('webhooks?limit=1').json()['next_cursor']}"),
    ):
        answer = caller.get(question)
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_bad"), question
