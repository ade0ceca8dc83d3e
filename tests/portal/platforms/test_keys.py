"""Keys: who may make one, two of a name, addresses, ends, and what a door makes of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.access.actor import Actor
from portal.accounts import keys, services
from portal.accounts.callers import ANY, AddressRefused, KeyBad, LiveKeyNeeded, caller_of
from portal.accounts.membership import LiveAccessNeeded, OwnerNeeded
from portal.accounts.models import ApiKey, Environment, Platform, Scope, User
from portal.accounts.services.keys import KeyOver, KeysTaken
from portal.audit.models import Entry
from portal.kit.errors import Invalid, NotFound
from tests.portal.platforms import rows

Act = Callable[[User], Actor]
DAY = timedelta(days=1)


@pytest.fixture
def platform(alice: User, now: datetime) -> Platform:
    """A live platform of Alice's, for which Carol develops."""
    return rows.live(alice, now=now)


@pytest.fixture
def carol_develops(platform: Platform, carol: User, now: datetime) -> User:
    """Carol, as a developer."""
    rows.developer(platform, carol, now=now)
    return carol


def called(secret: str, now: datetime, **more: Any) -> Any:
    return caller_of(f"Bearer {secret}", now=now, environments=ANY, **more)


@pytest.mark.parametrize("environment", Environment)
def test_the_prefix_tells_the_environment_and_the_door_reads_it(
    platform: Platform, alice: User, now: datetime, environment: Environment
) -> None:
    row, secret = rows.key(platform, alice, now=now, environment=environment)
    assert secret.startswith(f"vhk_{environment}_")
    assert keys.well_formed(secret)
    caller = called(secret, now)
    assert (caller.credential, caller.platform, caller.environment) == (row.pk, "demo-live", environment)


def test_a_door_that_does_not_know_the_sandbox_refuses_its_keys(platform: Platform, alice: User, now: datetime) -> None:
    _row, secret = rows.key(platform, alice, now=now)
    with pytest.raises(LiveKeyNeeded):
        caller_of(f"Bearer {secret}", now=now)


def test_a_live_key_waits_for_live_access(alice: User, now: datetime) -> None:
    with pytest.raises(LiveAccessNeeded):
        rows.key(rows.sandbox(alice, now=now), alice, now=now, environment=Environment.LIVE)


def test_a_developer_makes_test_keys_alone(platform: Platform, alice: User, carol_develops: User, act: Act, now: datetime) -> None:
    row, _secret = rows.key(platform, carol_develops, now=now)
    services.revoke_key(actor=act(carol_develops), key_id=row.pk, now=now)
    with pytest.raises(OwnerNeeded):
        rows.key(platform, carol_develops, now=now, environment=Environment.LIVE)
    live, _secret = rows.key(platform, alice, now=now, environment=Environment.LIVE)
    for verb, more in (("revoke_key", {}), ("rotate_key", {"life": DAY}), ("limit_key", {"networks": []}), ("end_key", {"after": DAY})):
        with pytest.raises(OwnerNeeded):
            getattr(services, verb)(actor=act(carol_develops), key_id=live.pk, now=now, **more)


def test_a_stranger_finds_no_key(platform: Platform, alice: User, eve: User, act: Act, now: datetime) -> None:
    row, _secret = rows.key(platform, alice, now=now)
    for verb, more in (("revoke_key", {}), ("rotate_key", {"life": DAY}), ("limit_key", {"networks": []}), ("end_key", {"after": DAY})):
        with pytest.raises(NotFound):
            getattr(services, verb)(actor=act(eve), key_id=row.pk, now=now, **more)
    with pytest.raises(NotFound):
        rows.key(platform, eve, now=now)


def test_two_keys_of_a_name_count_and_a_third_waits_for_the_end_of_one(platform: Platform, alice: User, act: Act, now: datetime) -> None:
    first, _secret = rows.key(platform, alice, now=now)
    rows.key(platform, alice, now=now)
    with pytest.raises(KeysTaken):
        rows.key(platform, alice, now=now)
    rows.key(platform, alice, now=now, name="uploads")  # another service has its own two
    rows.key(platform, alice, now=now, environment=Environment.LIVE)
    services.revoke_key(actor=act(alice), key_id=first.pk, now=now)
    rows.key(platform, alice, now=now)


def test_a_key_is_replaced_without_a_gap(platform: Platform, alice: User, act: Act, now: datetime) -> None:
    old, secret = rows.key(platform, alice, now=now)
    services.limit_key(actor=act(alice), key_id=old.pk, networks=["203.0.113.7"], now=now)
    new, fresh = services.rotate_key(actor=act(alice), key_id=old.pk, life=30 * DAY, now=now, overlap=DAY)
    assert (new.name, new.scopes, new.networks, new.environment) == (old.name, old.scopes, ["203.0.113.7/32"], old.environment)
    for each in (secret, fresh):
        assert called(each, now + timedelta(hours=23), address="203.0.113.7")
    with pytest.raises(KeyBad):
        called(secret, now + DAY, address="203.0.113.7")
    assert called(fresh, now + DAY, address="203.0.113.7")


def test_an_end_is_never_later_than_it_was(platform: Platform, alice: User, act: Act, now: datetime) -> None:
    row, _secret = services.issue_key(actor=act(alice), platform=platform, name="k", scopes=[Scope.CHECK], now=now, life=timedelta(hours=2))
    services.end_key(actor=act(alice), key_id=row.pk, after=7 * DAY, now=now)
    row.refresh_from_db()
    assert row.expires_at == now + timedelta(hours=2)
    with pytest.raises(KeyOver):
        services.end_key(actor=act(alice), key_id=row.pk, after=DAY, now=now + DAY)


def test_a_key_counts_only_from_its_addresses(platform: Platform, alice: User, act: Act, now: datetime) -> None:
    row, secret = rows.key(platform, alice, now=now)
    services.limit_key(actor=act(alice), key_id=row.pk, networks=["203.0.113.0/24", "2001:db8::/32"], now=now)
    for address in ("203.0.113.9", "2001:db8::1", "::ffff:203.0.113.9"):
        assert called(secret, now, address=address)
    for address in ("203.0.114.1", "2001:db9::1", "", "nonsense", "203.0.113.9, 1.2.3.4"):
        with pytest.raises(AddressRefused):
            called(secret, now, address=address)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"life": 366 * DAY}, "days"),
        ({"life": timedelta()}, "days"),
        ({"networks": ["203.0.113.7/24"]}, "networks"),
        ({"networks": ["example.org"]}, "networks"),
        ({"networks": [f"10.0.0.{each}" for each in range(21)]}, "networks"),
    ],
)
def test_what_no_key_can_be_is_told_by_field(
    platform: Platform, alice: User, act: Act, now: datetime, more: dict[str, Any], field: str
) -> None:
    asked: dict[str, Any] = {"name": "k", "scopes": [Scope.CHECK], **more}
    with pytest.raises(Invalid) as refused:
        services.issue_key(actor=act(alice), platform=platform, now=now, **asked)
    assert list(refused.value.errors) == [field]


def test_a_mistyped_key_costs_no_question(django_assert_num_queries: Any, db: None, now: datetime) -> None:
    drawn = keys.draw("test")
    for secret in (drawn[:-1] + ("A" if drawn[-1] != "A" else "B"), "vhk_live_", "x" * 85, "x" * 87, "é" * 86):
        with django_assert_num_queries(0), pytest.raises(KeyBad):
            caller_of(f"Bearer {secret}", now=now)


def test_the_last_use_is_written_once_a_minute(platform: Platform, alice: User, now: datetime, django_assert_num_queries: Any) -> None:
    row, secret = rows.key(platform, alice, now=now)
    called(secret, now)
    with django_assert_num_queries(1):
        called(secret, now + timedelta(seconds=59))
    called(secret, now + timedelta(seconds=60))
    row.refresh_from_db()
    assert row.last_used_at == now + timedelta(seconds=60)


def test_the_secret_stands_in_no_row_and_no_receipt(platform: Platform, alice: User, act: Act, now: datetime) -> None:
    row, secret = rows.key(platform, alice, now=now)
    services.rotate_key(actor=act(alice), key_id=row.pk, life=DAY, now=now)
    assert secret not in str(list(ApiKey.objects.values())) + str(list(Entry.objects.values()))
    events = list(Entry.objects.filter(subject_id=row.pk).values_list("event", flat=True))
    assert events == ["key.issued"]


def test_a_live_key_sleeps_while_its_platform_is_not_live(platform: Platform, alice: User, now: datetime) -> None:
    _row, secret = rows.key(platform, alice, now=now, environment=Environment.LIVE)
    Platform.objects.update(live_at=None)
    with pytest.raises(KeyBad):
        called(secret, now)
