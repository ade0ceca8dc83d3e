"""What the gate makes of keys: their environment, their addresses, their limit, and what it notes about them."""

import base64
import uuid
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from portal.access.actor import CONSOLE, SYSTEM, Actor
from portal.accounts import services as accounts
from portal.accounts.models import ApiKey, Environment, Platform, Scope, User
from portal.keeping import purging
from portal.kit import clock
from registry.gate import tallies
from registry.gate.limits import Buckets
from registry.gate.models import Failure
from tests.cast import EPOCH
from tests.registry.gate.test_gate import Desk

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[User], Actor]


@pytest.fixture
def desk(alice: User, act: Act, transactional_db: None) -> Desk:
    """A gate that is up."""
    return Desk(alice, act)


def made(desk: Desk, **more: Any) -> tuple[ApiKey, str]:
    key = accounts.issue_key(actor=CONSOLE, platform=desk.platform, name="more", scopes=[Scope.CHECK], now=clock.now(), **more)
    desk.projection.follow()
    return key


def test_a_test_key_decides_nothing_about_real_personas(desk: Desk) -> None:
    _row, secret = made(desk, environment=Environment.TEST)
    status, body, _headers = desk.ask(key=secret)
    assert (status, body["code"]) == (404, "persona_unknown")


def test_a_key_asks_only_from_its_addresses(desk: Desk) -> None:
    row, secret = made(desk, networks=["203.0.113.0/24"])
    assert desk.ask(key=secret, REMOTE_ADDR="203.0.113.9")[0] == 200
    for forged in ({}, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}):
        status, body, _headers = desk.ask(key=secret, REMOTE_ADDR="198.51.100.1", **forged)
        assert (status, body["code"]) == (403, "address_refused")
    accounts.limit_key(actor=CONSOLE, key_id=row.pk, networks=[], now=clock.now())
    desk.projection.follow()
    assert desk.ask(key=secret, REMOTE_ADDR="198.51.100.1")[0] == 200


def test_behind_a_proxy_the_proxy_tells_the_address(desk: Desk, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    _row, secret = made(desk, networks=["203.0.113.9"])
    assert desk.ask(key=secret, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 203.0.113.9")[0] == 200
    assert desk.ask(key=secret, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9, 1.2.3.4")[0] == 403


def test_an_earlier_end_and_lost_live_access_arrive_with_the_next_look(desk: Desk) -> None:
    row, secret = made(desk)
    accounts.end_key(actor=CONSOLE, key_id=row.pk, after=timedelta(hours=24), now=clock.now() - timedelta(hours=25))
    desk.projection.follow()
    assert desk.ask(key=secret)[0] == 401
    assert desk.ask()[0] == 200
    Platform.objects.update(live_at=None)
    desk.projection.follow()
    assert desk.ask()[0] == 401


def test_the_gate_takes_no_access_token(desk: Desk, client: Client) -> None:
    where: dict[str, Any] = {"platform": desk.platform, "name": "c", "scopes": [Scope.CHECK], "environment": Environment.LIVE}
    row, secret = accounts.create_client(actor=CONSOLE, now=clock.now(), **where)
    header = f"Basic {base64.b64encode(f'{row.client_id}:{secret}'.encode()).decode()}"
    token = client.post("/oauth/token", {"grant_type": "client_credentials"}, headers={"authorization": header}).json()["access_token"]
    status, body, _headers = desk.ask(key=token, HTTP_ACCEPT_LANGUAGE="en")
    assert (status, body["code"]) == (401, "key_bad")
    assert "no access tokens" in body["detail"]


def test_many_test_keys_are_no_many_portions_and_slow_no_live_key(desk: Desk) -> None:
    secrets = [made(desk, environment=Environment.TEST)[1] for _place in range(2)]
    assert desk.ask(key=secrets[0])[2]["RateLimit-Policy"] == '"minute";q=120;w=60'
    desk.gate.sandbox = Buckets(2)
    assert [desk.ask(key=each)[0] for each in (*secrets, *secrets)] == [404, 404, 429, 429]
    assert desk.ask()[0] == 200


def test_a_key_that_asks_too_often_waits_and_others_do_not(desk: Desk) -> None:
    _row, other = made(desk)
    desk.gate.buckets = Buckets(2)
    assert desk.ask()[2]["RateLimit"] == '"minute";r=1;t=30'
    desk.ask()
    status, body, headers = desk.ask()
    assert (status, body["code"], headers["RateLimit-Policy"]) == (429, "quota_exceeded", '"minute";q=2;w=60')
    assert 1 <= int(headers["Retry-After"]) <= 30
    assert "decision" not in body
    assert desk.ask(key=other)[0] == 200


def test_a_bucket_fills_with_time_and_never_over() -> None:
    buckets, key = Buckets(60), uuid.uuid4()
    first = [buckets.take(key, EPOCH) for _ in range(61)]
    assert [each.allowed for each in first] == [True] * 60 + [False]
    assert buckets.take(key, EPOCH + timedelta(seconds=1)).allowed
    assert not buckets.take(key, EPOCH - timedelta(hours=1)).allowed
    assert sum(buckets.take(key, EPOCH + timedelta(days=1)).allowed for _ in range(70)) == 60
    buckets.forget(EPOCH + timedelta(days=2))
    assert buckets._held == {}


def test_uses_and_failures_are_noted_and_written_in_the_background(desk: Desk) -> None:
    desk.ask()
    desk.ask({"registry_id": "nonsense"})
    row = ApiKey.objects.get(pk=desk.row.pk)
    assert (row.last_used_at, Failure.objects.count()) == (None, 0)
    for _ in range(2):
        desk.gate.tallies.write()
    row.refresh_from_db()
    failure = Failure.objects.get()
    assert row.last_used_at is not None
    assert (failure.key, failure.count, failure.day) == (desk.row.pk, 1, clock.now().astimezone(UTC).date())


def test_what_cannot_be_written_now_is_written_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise DatabaseError

    desk.ask({"registry_id": "nonsense"})
    with monkeypatch.context() as while_away:
        while_away.setattr(tallies, "_store", broken)
        with pytest.raises(DatabaseError):
            desk.gate.tallies.write()
    desk.gate.tallies.write()
    assert Failure.objects.get().count == 1


def test_a_bad_key_has_no_limit_to_learn_from(desk: Desk) -> None:
    _status, _body, headers = desk.ask(key="vhk_live_nonsense")
    assert "RateLimit" not in headers


def test_what_failed_is_counted_as_long_as_the_rest_of_usage(desk: Desk) -> None:
    today = clock.now()
    for back in (0, 399, 402):
        Failure.objects.create(key=desk.row.pk, day=(today - timedelta(days=back)).date(), count=1)
    purging.purge(actor=SYSTEM, now=today)
    assert Failure.objects.count() == 2
    purging.purge(actor=SYSTEM, now=today)
    assert Failure.objects.count() == 2
