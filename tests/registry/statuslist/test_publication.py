"""From a change to the published list: entries without collisions, values by event and by time, and who signs when."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from portal.access.actor import CONSOLE, Actor
from portal.accounts.models import User
from portal.kit import clock, jobs
from portal.outbox.services import publish
from portal.outbox.topics import Topic
from portal.signing import keys, tokens
from portal.signing import services as signing
from portal.signing.queries import public_keys
from registry.issuing import services as issuing
from registry.issuing.models import Party, Registration
from registry.issuing.verdict import REGISTRY_ZONE
from registry.statuslist import bits, queries, relay, rules, services, tasks
from registry.statuslist.models import Entry, Follower, StatusList
from registry.statuslist.relay import Relay
from tests.registry.rows import licence_of, registration_of, verified
from verification.models import Identity

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[User], Actor]


def look(now: datetime | None = None) -> int:
    """Returns how many lists a new relay signed."""
    return Relay().look(now or clock.now())


def said(registration: Registration, now: datetime | None = None) -> int:
    """Returns what the published token says of a registration, read as a stranger would."""
    entry = Entry.objects.select_related("list").get(registration=registration)
    claims = tokens.verify(entry.list.token, typ=services.TYPE, keys=public_keys(now or clock.now()))
    return bits.value_at(bits.decompress(claims["status_list"]["lst"]), entry.index)


def test_the_first_look_gives_everybody_an_entry_and_signs(registration: Registration) -> None:
    assert look() == 1
    assert said(registration) == rules.VALID
    row = StatusList.objects.get()
    claims = tokens.verify(row.token, typ="statuslist+jwt", keys=public_keys(clock.now()))
    assert claims["sub"] == row.uri == queries.uri(row.pk)
    assert (claims["ttl"], claims["exp"] - claims["iat"]) == (60, 3600)
    assert set(claims["status_list"]) == {"bits", "lst", "aggregation_uri"}
    assert len(bits.decompress(claims["status_list"]["lst"])) == bits.SIZE // 4


def test_a_registry_without_registrations_has_a_list_too(transactional_db: None) -> None:
    assert look() == 1
    assert StatusList.objects.get().token


def test_a_hold_suspends_and_its_end_restores_with_the_next_look(registration: Registration, alice: User, act: Act) -> None:
    follower = Relay()
    follower.look(clock.now())
    where: dict[str, Any] = {"actor": act(alice), "registration_id": registration.pk, "party": Party.OPERATOR}
    issuing.place_hold(reason="pause", note="", now=clock.now(), **where)
    assert follower.look(clock.now()) == 1
    assert said(registration) == rules.SUSPENDED
    issuing.lift_hold(now=clock.now(), **where)
    assert follower.look(clock.now()) == 1
    assert said(registration) == rules.VALID
    assert follower.look(clock.now()) == 0  # nothing new: nothing signed


def test_a_revocation_invalidates_for_good(registration: Registration, bob: User, act: Act) -> None:
    look()
    issuing.revoke(actor=act(bob), registration_id=registration.pk, reason="legal_order", now=clock.now())
    look()
    assert said(registration) == rules.INVALID


def test_a_retirement_invalidates_and_its_undoing_makes_it_valid_again(registration: Registration, alice: User, act: Act) -> None:
    look()
    for verb, value in ((issuing.retire, rules.INVALID), (issuing.restore, rules.VALID)):
        verb(actor=act(alice), registration_id=registration.pk, now=clock.now())
        assert look() == 1
        assert said(registration) == value


def test_a_renewal_of_what_expired_makes_it_valid_again(registration: Registration, alice: User, act: Act) -> None:
    late = registration.expires_at + timedelta(days=1)
    look(late)
    assert said(registration, late) == rules.INVALID
    Identity.objects.update(valid_until=late + timedelta(days=1))
    issuing.renew(actor=act(alice), registration_id=registration.pk, now=late)
    look(late)
    assert said(registration, late) == rules.VALID


def test_a_change_is_published_within_a_second_by_the_running_relay(registration: Registration, bob: User, act: Act) -> None:
    look()
    stop = threading.Event()

    def follow() -> None:
        relay.run(stop)
        connection.close()

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        began = clock.now()
        issuing.revoke(actor=act(bob), registration_id=registration.pk, reason="legal_order", now=began)
        while said(registration) != rules.INVALID and clock.now() - began < timedelta(seconds=10):
            stop.wait(0.02)
        assert clock.now() - began < timedelta(seconds=1)
    finally:
        stop.set()
        thread.join()


def test_an_expiry_reaches_the_list_by_its_date_alone(registration: Registration) -> None:
    look()
    assert look(registration.expires_at - timedelta(seconds=1)) == 1  # only because half a ttl has passed
    assert said(registration, registration.expires_at) == rules.VALID
    look(registration.expires_at)
    assert said(registration, registration.expires_at) == rules.INVALID


def test_the_end_of_a_licence_reaches_the_list_by_its_date_alone(alice: User, carol: User, transactional_db: None) -> None:
    now = clock.now()
    registration = registration_of(alice, now=now, portrayed="other")
    day = (now + timedelta(days=2)).astimezone(REGISTRY_ZONE).date()
    verified(carol, now=now)
    licence_of(registration.persona, carol, now=now, starts_on=day, ends_on=day)
    look(now)
    assert said(registration) == rules.SUSPENDED  # it has not begun
    for days, value in ((2, rules.VALID), (3, rules.SUSPENDED)):
        look(now + timedelta(days=days))
        assert said(registration) == value


def test_only_the_touched_list_is_signed_again(registration: Registration, alice: User, act: Act) -> None:
    look()
    StatusList.objects.update(full=True)
    other = registration_of(alice, now=clock.now())
    services.allocate(registration_id=other.pk, now=clock.now())
    look()
    first, second = StatusList.objects.order_by("created_at")
    issuing.place_hold(actor=act(alice), registration_id=other.pk, party=Party.OPERATOR, reason="pause", note="", now=clock.now())
    assert look() == 1
    assert StatusList.objects.get(pk=first.pk).token == first.token
    assert StatusList.objects.get(pk=second.pk).token != second.token
    assert (said(registration), said(other)) == (rules.VALID, rules.SUSPENDED)


def test_a_list_is_signed_again_at_half_its_ttl_without_being_built_again(registration: Registration) -> None:
    now = clock.now()
    look(now)
    before = StatusList.objects.get()
    assert look(now + rules.RENEW - timedelta(seconds=1)) == 0
    assert look(now + rules.RENEW) == 1
    after = StatusList.objects.get()
    assert (after.lst, after.token == before.token) == (before.lst, False)


def test_what_cannot_be_followed_is_not_signed(registration: Registration, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token with a new `iat` over old facts would let a stopped persona pass."""
    now = clock.now()
    look(now)

    def broken(*_args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("registry.issuing.queries.touched_by", broken)
    with transaction.atomic():
        publish(Topic.PERSONA_SUSPENDED, stream="persona:x", now=now, persona=str(registration.persona_id))
    with pytest.raises(RuntimeError):
        look(now + rules.RENEW)
    assert StatusList.objects.get().signed_at == now


def test_a_relay_that_dies_after_reading_loses_nothing(registration: Registration, bob: User, act: Act, monkeypatch: Any) -> None:
    look()
    issuing.revoke(actor=act(bob), registration_id=registration.pk, reason="legal_order", now=clock.now())

    def killed(**_kwargs: Any) -> None:
        raise SystemExit

    for line in ("derive", "sign"):
        with monkeypatch.context() as broken:
            broken.setattr(services, line, killed)
            with pytest.raises(SystemExit):
                look()
    look()
    assert said(registration) == rules.INVALID


def test_one_at_a_time_looks(registration: Registration) -> None:
    held, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with jobs.claim("statuslist.relay"):
            held.set()
            may_go.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    assert look() == 0
    may_go.set()
    thread.join()
    assert look() == 1


def test_the_worker_steps_in_where_nobody_follows(registration: Registration) -> None:
    now = clock.now()
    assert list(tasks._unfollowed(now)) == ["all"]
    tasks.publish("all")
    assert said(registration) == rules.VALID
    assert list(tasks._unfollowed(clock.now())) == []
    assert list(tasks._unfollowed(clock.now() + tasks.LATE)) == ["all"]


def test_a_missed_due_date_is_found_within_a_round(registration: Registration) -> None:
    now = clock.now()
    look(now)
    Registration.objects.update(revoked_at=now)  # past the services: no message says so
    look(now + rules.RENEW)
    assert said(registration) == rules.VALID
    look(now + rules.ROUND)
    assert said(registration, now + rules.ROUND) == rules.INVALID


def test_a_list_by_a_revoked_key_is_signed_by_the_next_one(registration: Registration, settings: Any) -> None:
    old, new = keys.draw(), keys.draw()
    settings.SIGNING_KEYS = keys.dumped((new, old))
    look()
    assert StatusList.objects.get().kid == keys.identifier(old)
    signing.revoke(actor=CONSOLE, kid=keys.identifier(old), now=clock.now())
    assert look() == 1
    assert StatusList.objects.get().kid == keys.identifier(new)
    assert said(registration) == rules.VALID


def test_a_site_that_moved_signs_for_its_new_address(registration: Registration, settings: Any) -> None:
    look()
    settings.SITE_URL = "https://moved.example"
    assert look() == 1
    assert StatusList.objects.get().uri.startswith("https://moved.example/statuslists/")


def test_the_place_moves_on(registration: Registration) -> None:
    look()
    as_of = Follower.objects.get().as_of
    look()
    assert as_of is not None
    assert Follower.objects.get().as_of > as_of  # type: ignore[operator]
