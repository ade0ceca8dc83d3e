"""An endpoint's life: proven before anything is sent, its secrets change without a gap, and it ends with a mail."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from standardwebhooks import Webhook, WebhookVerificationError

from portal.access.actor import CONSOLE, SYSTEM
from portal.audit.events import Event as AuditEvent
from portal.audit.models import Entry
from portal.feed.types import EventType
from portal.keeping import purging
from portal.kit.errors import Conflict, Invalid
from portal.letters import tasks as letters
from portal.letters.models import Letter
from portal.vault.models import DataKey
from portal.webhooks import queries, services, tasks, transport
from portal.webhooks.models import Delivery, Endpoint, Secret
from portal.webhooks.rules import Answer
from portal.webhooks.services.proving import NotProven
from portal.webhooks.signing import headers
from portal.webhooks.states import EndpointState
from tests.portal.webhooks.rows import happens, platform, proven, relay
from tests.receiver import Received, Receiver

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A platform's server that works."""
    with Receiver() as server:
        yield server


def added(url: str, now: datetime, **more: Any) -> tuple[Endpoint, list[Secret]]:
    """Returns a new endpoint and its secrets."""
    return services.add(actor=CONSOLE, platform=platform(), url=url, contact="ops@example.org", now=now, **more)


def test_nothing_is_sent_before_the_address_is_proven(receiver: Receiver, now: datetime) -> None:
    endpoint, _secrets = added(receiver.url, now)
    happens(1, now=now)
    assert relay(endpoint, now) == 0
    assert receiver.received == []
    services.prove(actor=CONSOLE, endpoint_id=endpoint.pk, now=now)
    assert [kind for kind, _id in receiver.events()] == ["endpoint.verify"]
    assert relay(endpoint, now) == 0  # what happened before is the changes feed's
    happens(2, now=now)
    relay(endpoint, now)
    assert receiver.events()[1:] == [("persona.suspended", "VH-0000-0000-0002")]


@pytest.mark.parametrize("body", [b"", b"ok", b'{"challenge": "x"}', b"[]", b"null", b"<html>{{challenge}}</html>"])
def test_an_answer_that_does_not_echo_proves_nothing(now: datetime, body: bytes) -> None:
    with Receiver(answer=lambda _received: (200, {}, body)) as server:
        endpoint, _secrets = added(server.url, now)
        with pytest.raises(NotProven):
            services.prove(actor=CONSOLE, endpoint_id=endpoint.pk, now=now)
    endpoint.refresh_from_db()
    assert endpoint.state == EndpointState.PENDING


def test_a_server_that_repeats_whatever_it_gets_proves_nothing(now: datetime) -> None:
    with Receiver(answer=lambda received: (200, {}, received.body.encode())) as server:
        endpoint, _secrets = added(server.url, now)
        with pytest.raises(NotProven):
            services.prove(actor=CONSOLE, endpoint_id=endpoint.pk, now=now)


@pytest.mark.parametrize("form", ["{}", '"{}"', '{{"challenge": "{}"}}'])
def test_the_echo_may_be_text_or_json(now: datetime, form: str) -> None:
    def answer(received: Received) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, form.format(received.told["data"]["challenge"]).encode()

    with Receiver(answer=answer) as server:
        assert proven(server.url, now=now).state == EndpointState.ACTIVE


def test_secrets_are_shown_once_and_sealed_in_the_table(receiver: Receiver, now: datetime) -> None:
    endpoint, secrets = added(receiver.url, now)
    assert [secret.value[:5] for secret in secrets if secret.value] == ["whsec", "whsk_"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM webhooks_secret UNION SELECT contact FROM webhooks_endpoint")
        stored = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert b"whs" not in stored
    assert b"ops@example.org" not in stored
    assert len(queries.signing_keys(Endpoint.objects.get(pk=endpoint.pk), now)) == 2


def test_secrets_change_without_a_gap(receiver: Receiver) -> None:
    now = datetime.now(tz=UTC)
    endpoint, [old, _private] = added(receiver.url, now)
    services.prove(actor=CONSOLE, endpoint_id=endpoint.pk, now=now)
    new, _private = services.rotate(actor=CONSOLE, endpoint_id=endpoint.pk, now=now, overlap=HOUR)
    happens(1, now=now)
    relay(endpoint, now)
    sent = receiver.received[-1]
    for secret in (old, new):
        assert Webhook(secret.value or "").verify(sent.body, sent.headers)["type"] == "persona.suspended"
    assert sorted(each[:3] for each in sent.headers["webhook-signature"].split()) == ["v1,", "v1,", "v1a", "v1a"]
    assert len(queries.signing_keys(endpoint, now + HOUR)) == 2
    signed = signed_by_keys_of(endpoint, now + HOUR)
    with pytest.raises(WebhookVerificationError):
        Webhook(old.value or "").verify("{}", signed)


def signed_by_keys_of(endpoint: Endpoint, now: datetime) -> dict[str, str]:
    """Returns the headers of an empty delivery, made now but signed by the keys of `now`."""
    keys = queries.signing_keys(endpoint, now)
    return headers("msg_1", "{}", keys=keys, now=datetime.now(tz=UTC))


def test_a_second_rotation_does_not_lengthen_the_first(receiver: Receiver, now: datetime) -> None:
    endpoint, [first, _private] = added(receiver.url, now)
    services.rotate(actor=CONSOLE, endpoint_id=endpoint.pk, now=now, overlap=HOUR)
    services.rotate(actor=CONSOLE, endpoint_id=endpoint.pk, now=now, overlap=5 * HOUR)
    first.refresh_from_db()
    assert first.expires_at == now + HOUR


def test_an_ended_secret_is_destroyed(receiver: Receiver, now: datetime) -> None:
    endpoint, secrets = added(receiver.url, now)
    services.rotate(actor=CONSOLE, endpoint_id=endpoint.pk, now=now, overlap=HOUR)
    purging.purge(actor=SYSTEM, now=now + 2 * HOUR)
    assert endpoint.secrets.count() == 2
    key = type(secrets[0].data_key).objects.get(pk=secrets[0].data_key_id)
    assert key.wrapped is None


def test_what_an_endpoint_hears_and_who_hears_of_its_end_can_be_changed(receiver: Receiver, now: datetime) -> None:
    endpoint, _secrets = added(receiver.url, now)
    changed: dict[str, Any] = {"types": [EventType.PERSONA_REVOKED], "contact": "new@example.org", "language": "zh-hans"}
    services.change(actor=CONSOLE, endpoint_id=endpoint.pk, now=now, **changed)
    stored = Endpoint.objects.get()
    assert (stored.types, stored.contact, stored.language) == (["persona.revoked"], "new@example.org", "zh-hans")
    with pytest.raises(Invalid):
        services.change(actor=CONSOLE, endpoint_id=endpoint.pk, now=now, types=["persona.danced"])
    receipts = Entry.objects.filter(event=AuditEvent.WEBHOOK_CHANGED)
    assert [entry.data["members"] for entry in receipts] == [["contact", "language", "types"]]


def test_a_removed_endpoint_leaves_no_secret_and_its_last_try_hurts_nobody(
    receiver: Receiver, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = proven(receiver.url, now=now)
    keys = [row.data_key_id for row in (endpoint, *endpoint.secrets.all())]
    happens(1, now=now)
    services.make_out(actor=SYSTEM, endpoint_id=endpoint.pk, now=now)

    def removed_meanwhile(*_sent: object) -> Answer:
        services.remove(actor=CONSOLE, endpoint_id=endpoint.pk, now=now)
        return Answer(status=500)

    monkeypatch.setattr(transport, "post", removed_meanwhile)
    assert services.deliver_next(actor=SYSTEM, endpoint_id=endpoint.pk, now=now)
    assert not Delivery.objects.exists()
    assert set(DataKey.objects.filter(pk__in=keys).values_list("wrapped", flat=True)) == {None}


@pytest.mark.parametrize("url", ["https://user:x@h.example.com/", "ftp://h.example.com/", "https://h.example.com/\nX: 1"])
def test_a_bad_address_is_not_taken(now: datetime, url: str) -> None:
    with pytest.raises(Invalid):
        added(url, now)


def test_http_is_for_the_demonstration_only(now: datetime, settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = False
    with pytest.raises(Invalid, match=r".") as caught:
        added("http://127.0.0.1:9/", now)
    assert caught.value.code == "not_https"


def test_a_type_there_is_none_of_is_not_taken(now: datetime) -> None:
    with pytest.raises(Invalid):
        added("https://h.example.com/", now, types=["persona.danced"])


def test_an_endpoint_that_is_gone_ends_with_a_mail(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    receiver.answer = lambda _received: (410, {}, b"")
    happens(1, now=now)
    relay(endpoint, now)
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.reason) == (EndpointState.DISABLED, "gone")
    letters.send(str(Letter.objects.get().pk))
    [sent] = mail.outbox
    assert sent.to == ["ops@example.org"]
    assert receiver.url in sent.body


def test_an_endpoint_that_fails_for_days_ends_and_goes_on_where_it_stopped(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    working, receiver.answer = receiver.answer, lambda _received: (500, {}, b"no")
    happens(1, now=now)
    states, moment = [], now
    for _step in range(4):
        relay(endpoint, moment)
        endpoint.refresh_from_db()
        states.append(endpoint.state)
        moment += 27 * HOUR
    assert states == ["active", "active", "active", "disabled"]
    assert endpoint.reason == "failing"
    happens(2, now=moment)
    assert relay(endpoint, moment) == 0
    receiver.answer = working
    services.prove(actor=CONSOLE, endpoint_id=endpoint.pk, now=moment)
    relay(endpoint, moment + timedelta(hours=30))
    assert receiver.events()[-1] == ("persona.suspended", "VH-0000-0000-0002")


def test_one_success_forgets_the_failures(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    working, receiver.answer = receiver.answer, lambda _received: (500, {}, b"no")
    happens(1, now=now)
    relay(endpoint, now)
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since) == (1, endpoint.failing_since)
    receiver.answer = working
    relay(endpoint, now + HOUR)
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


def test_the_command_does_it_all(receiver: Receiver, now: datetime) -> None:
    platform()

    def run(*words: str) -> str:
        out = StringIO()
        call_command("webhook", *words, stdout=out)
        return out.getvalue()

    said = run("add", "live", receiver.url, "ops@example.org", "--types", EventType.PERSONA_REVOKED)
    assert "whsec_" in said
    assert "whpk_" in said
    assert "whsk_" not in said  # the private key stays here
    key = str(Endpoint.objects.get().pk)
    assert "is active" in run("prove", key)
    assert f"{key} live active" in run("list")
    assert "whsec_" in run("rotate", key)
    run("test", key)
    tasks.relay(key)
    assert [kind for kind, _id in receiver.events()] == ["endpoint.verify", "endpoint.test"]
    delivery = Delivery.objects.get()
    assert "200 in" in run("log", key)
    run("resend", str(delivery.pk))
    tasks.relay(key)
    assert [each.headers["webhook-id"] for each in receiver.received[1:]] == [delivery.event] * 2
    run("disable", key)
    for words in (("disable", key), ("test", key), ("add", "none", receiver.url, "x@example.org"), ("prove", str(delivery.pk))):
        with pytest.raises(CommandError):
            run(*words)
    assert json.loads(receiver.received[1].body)["type"] == "endpoint.test"


def test_what_still_waits_is_not_sent_again(receiver: Receiver, now: datetime) -> None:
    endpoint = proven(receiver.url, now=now)
    delivery = services.send_test(actor=CONSOLE, endpoint_id=endpoint.pk, now=now)
    with pytest.raises(Conflict):
        services.resend(actor=CONSOLE, delivery_id=delivery.pk, now=now)
