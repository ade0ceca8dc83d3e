"""What was true at 20:14: written down from the outbox, answered for any moment, and never changed."""

import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import Error, transaction
from hypothesis import given
from hypothesis import strategies as st

from portal.access.actor import SYSTEM, Actor
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.kit.errors import Forbidden, Invalid, NotFound
from portal.kit.outcome import Allowed, Refused
from portal.outbox import queries as outbox
from portal.outbox.models import Message
from portal.outbox.services import publish
from portal.outbox.topics import Topic
from registry.consent import services as consent
from registry.issuing import history, past, queries, services
from registry.issuing.history import NotYetRegistered
from registry.issuing.models import Act, Party, Registration, Side, Snapshot
from registry.issuing.services import following
from registry.issuing.verdict import Ask, Consent, Facts, Person, Status
from tests.registry.rows import guardian_of, licence_of, registration_of, verified
from verification.models import Identity

pytestmark = pytest.mark.django_db(transaction=True)
Actors = Callable[[User], Actor]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LIVE = Ask("demo-live", "live", "commerce", "CN")


@pytest.fixture
def registration(alice: User, now: datetime) -> Registration:
    """A registration of Alice's, told of in the outbox."""
    registration = registration_of(alice, now=now)
    told(registration, now, Topic.PERSONA_REGISTERED)
    follow(now)
    return registration


def told(registration: Registration, at: datetime, topic: Topic = Topic.REGISTRATION_CHANGED) -> None:
    """Leaves a message about the registration."""
    with transaction.atomic():
        publish(topic, stream="x", now=at, persona=str(registration.persona_id))


def follow(now: datetime) -> None:
    """Lets the relay read everything. Whoever writes elsewhere in the cluster meanwhile may hold it up for a moment."""
    for _try in range(100):
        while services.follow(actor=SYSTEM, now=now):
            pass
        if not outbox.visible_after(outbox.place_of(history.READER)):
            return
        time.sleep(0.05)


def hold(registration: Registration, actor: Actor, at: datetime) -> None:
    """Lets the operator pause the persona."""
    where: dict[str, Any] = {"registration_id": registration.pk, "party": Party.OPERATOR}
    services.place_hold(actor=actor, reason="pause", note="", now=at, **where)


def test_what_was_true_at_2014_is_answered(registration: Registration, alice: User, bob: User, act: Actors, now: datetime) -> None:
    start, actor = now + DAY, act(alice)
    hold(registration, actor, start)
    follow(start)
    services.lift_hold(actor=actor, registration_id=registration.pk, party=Party.OPERATOR, now=start + 14 * MINUTE)
    follow(start + 15 * MINUTE)
    services.prohibit(
        actor=act(bob), registration_id=registration.pk, side=Side.REGISTRY, act=Act.UPDATE, reason="dispute", now=start + 20 * MINUTE
    )
    follow(start + 30 * MINUTE)
    moments = (now, start - MINUTE, start, start + 13 * MINUTE, start + 14 * MINUTE, start + 20 * MINUTE, start + DAY)
    found = [history.at(registration, moment) for moment in moments]
    assert [each.status for each in found] == ["active", "active", "suspended", "suspended", "active", "active", "active"]
    assert [each.effective for each in found[3:6]] == [("client hold",), ("active",), ("server update prohibited",)]
    assert all(each.exact for each in found)
    assert isinstance(found[3].answer(LIVE), Refused)
    assert isinstance(found[4].answer(LIVE), Allowed)


def test_time_alone_is_computed_and_leaves_no_row(registration: Registration, now: datetime) -> None:
    assert history.at(registration, registration.expires_at - MINUTE).status is Status.ACTIVE
    assert history.at(registration, registration.expires_at).status is Status.EXPIRED
    assert Snapshot.objects.count() == 1


def test_what_did_not_change_leaves_no_row(registration: Registration, now: datetime) -> None:
    told(registration, now + MINUTE)
    follow(now + MINUTE)
    assert Snapshot.objects.count() == 1
    assert history.at(registration, now + 2 * MINUTE).exact


def test_consent_and_identity_have_their_past_too(alice: User, carol: User, act: Actors, now: datetime) -> None:
    verified(carol, now=now)
    registration = registration_of(alice, now=now, portrayed="other")
    licence = licence_of(registration.persona, carol, now=now)
    told(registration, now)
    follow(now)
    consent.withdraw(actor=act(carol), licence=licence, now=now + MINUTE)
    follow(now + 5 * MINUTE)
    Identity.objects.filter(user=alice).update(revoked_at=now + 6 * MINUTE)
    with transaction.atomic():
        publish(Topic.PERSON_CHANGED, stream="y", now=now + 6 * MINUTE, user=str(alice.pk))
    follow(now + 7 * MINUTE)
    found = [history.at(registration, now + minutes * MINUTE) for minutes in (0, 1, 6)]
    assert [each.consent for each in found] == ["yes", "no", "no"]
    assert [each.verified for each in found] == [True, True, False]
    outcomes = [each.answer(LIVE) for each in found]
    assert [each.reasons if isinstance(each, Refused) else () for each in outcomes] == [
        (),
        ("consent_withdrawn",),
        ("operator_unverified", "consent_withdrawn"),
    ]


def test_several_changes_read_at_once_are_said_to_be_so(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    at = now + DAY
    hold(registration, act(alice), at)
    told(registration, at + 10 * MINUTE)
    follow(at + 20 * MINUTE)
    row = Snapshot.objects.order_by("-pk")[0]
    assert (row.since, row.unsure_from, row.seen_at) == (at + 10 * MINUTE, at, at + 20 * MINUTE)
    exact = [history.at(registration, at + minutes * MINUTE).exact for minutes in (-1, 0, 9, 10, 30)]
    assert exact == [True, False, False, True, True]


def test_what_the_relay_has_not_read_is_not_called_exact(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    hold(registration, act(alice), now + MINUTE)
    assert history.at(registration, now).exact
    assert not history.at(registration, now + MINUTE).exact
    follow(now + MINUTE)
    assert history.at(registration, now + MINUTE).exact


def test_a_change_while_the_facts_are_read_is_not_dated_back(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    """Between reading the outbox and reading the facts, a second change is committed."""
    real, late = history.now_of, iter([now + 2 * MINUTE])

    def meanwhile(key: Any) -> Snapshot:
        moment = next(late, None)
        if moment:
            hold(registration, act(alice), moment)
        return real(key)

    told(registration, now + MINUTE)
    with mock.patch.object(history, "now_of", side_effect=meanwhile):
        follow(now + 3 * MINUTE)
    row = Snapshot.objects.order_by("-pk")[0]
    assert (row.since, row.unsure_from) == (now + 2 * MINUTE, now + MINUTE)


def test_a_relay_that_is_behind_dates_nothing_back(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    with mock.patch.object(following, "BATCH", 2):
        for minute in range(1, 4):
            told(registration, now + minute * MINUTE)
        hold(registration, act(alice), now + 4 * MINUTE)
        follow(now + 10 * MINUTE)
    row = Snapshot.objects.order_by("-pk")[0]
    assert row.since >= now + 4 * MINUTE
    assert row.unsure_from is not None
    assert not history.at(registration, now + 5 * MINUTE).exact


def test_a_registration_nobody_wrote_down_is_answered_as_known_now(alice: User, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    found = history.at(registration, now + MINUTE)
    assert (found.status, found.exact) == ("active", False)
    with pytest.raises(NotYetRegistered):
        history.at(registration, now - MINUTE)


def test_the_database_lets_nobody_change_the_past(registration: Registration) -> None:
    attacks: list[Callable[[], object]] = [
        lambda: Snapshot.objects.update(since=datetime(2020, 1, 1, tzinfo=UTC)),
        lambda: Snapshot.objects.all().delete(),
        lambda: Snapshot.objects.all()._raw_delete("default"),
        registration.delete,
    ]
    for attack in attacks:
        with pytest.raises(Error), transaction.atomic():
            attack()
    assert Snapshot.objects.count() == 1


def test_a_snapshot_names_no_person_and_no_date_of_birth(alice: User, now: datetime) -> None:
    identity = verified(alice, now=now, birth_date="2009-05-06", is_minor=True)
    guardian_of(alice, now=now)
    registration = registration_of(alice, now=now)
    told(registration, now)
    follow(now)
    kept = json.dumps(Snapshot.objects.get().content)
    adult = queries.adult_from(alice.pk)
    assert adult is not None
    for personal in (identity.full_name, identity.document_number, "2009", adult.date().isoformat()[:7], alice.email, str(alice.pk)):
        assert str(personal) not in kept
    before, after = (history.at(registration, moment).facts.operator for moment in (now, now + MINUTE))
    assert before == after == queries.facts_of(registration).operator
    Identity.objects.filter(pk=identity.pk).update(is_minor=False)  # verified again when of age: the past stays
    assert history.at(registration, now).facts.operator == before
    Identity.objects.filter(pk=identity.pk).delete()  # erased: then they are taken for a minor
    assert history.at(registration, now).facts.operator.adult_from == datetime(9999, 1, 1, tzinfo=UTC)


def test_a_transfer_is_in_the_past_with_the_class_of_who_answered(
    registration: Registration, alice: User, eve: User, act: Actors, now: datetime
) -> None:
    services.ask_transfer(actor=act(alice), registration_id=registration.pk, email="eve@example.org", now=now + MINUTE)
    follow(now + MINUTE)
    services.cancel_transfer(actor=act(alice), registration_id=registration.pk, now=now + 3 * MINUTE)
    follow(now + 3 * MINUTE)
    assert [history.at(registration, now + each * MINUTE).effective for each in (0, 1, 3)] == [
        ("active",),
        ("pending transfer",),
        ("active",),
    ]
    told_of = history.at(registration, now).as_dict(LIVE)
    assert told_of["operator"] == {"class": "person", "verified": True}
    assert told_of["verdict"]["allowed"] is True
    assert json.loads(json.dumps(told_of)) == told_of


def test_the_desk_asks_and_it_stays_on_the_trail(
    registration: Registration, alice: User, bob: User, frank: User, eve: User, act: Actors, now: datetime
) -> None:
    where: dict[str, Any] = {"registration_id": registration.pk, "moment": now + MINUTE, "now": now + DAY}
    for user in (bob, frank):
        assert services.look_back(actor=act(user), ask=LIVE, **where).status is Status.ACTIVE
    for user in (eve, alice):
        with pytest.raises(Forbidden):
            services.look_back(actor=act(user), **where)
    entries = list(Entry.objects.filter(event=Event.PAST_READ, subject_id=registration.pk).order_by("id"))
    assert [entry.actor_id for entry in entries] == [bob.pk, frank.pk]
    assert entries[0].data == {"moment": (now + MINUTE).isoformat(), "platform": "demo-live", "activity": "live"}
    with pytest.raises(Invalid):
        services.look_back(actor=act(bob), **(where | {"moment": now + 2 * DAY}))
    with pytest.raises(NotFound):
        services.look_back(actor=act(bob), **(where | {"registration_id": alice.pk}))


def test_only_the_machine_follows(alice: User, act: Actors, now: datetime) -> None:
    with pytest.raises(Forbidden):
        services.follow(actor=act(alice), now=now)


MOMENTS = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SETS = st.frozensets(st.sampled_from(["live", "upload", "CN", "commerce", "operator"]))
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
PEOPLE = st.builds(Person, MOMENTS, MOMENTS, MOMENTS, MOMENTS)
CONSENTS = st.builds(Consent, st.sampled_from(["granted", "withdrawn"]), SETS, SETS, SETS, SETS, DAYS, DAYS, st.booleans(), st.booleans())
SURE = MOMENTS.filter(bool)
FACTS = st.builds(
    Facts,
    registry_id=st.just("V" * 12),
    issued_at=SURE,
    expires_at=SURE,
    platforms=SETS,
    drive_mode=st.just("human"),
    operator=PEOPLE,
    driver=st.none() | PEOPLE,
    consent_needed=st.booleans(),
    consent=st.none() | CONSENTS,
    holds=SETS,
    revoked_at=MOMENTS,
    retired_at=MOMENTS,
)


@given(FACTS)
def test_what_is_kept_reads_back_whole(facts: Facts) -> None:
    kept = json.loads(json.dumps(past.content(facts, past.Beside(1, {}, {}))))
    driver = facts.driver.adult_from if facts.driver else None
    assert past.facts_of(kept, operator_adult_from=facts.operator.adult_from, driver_adult_from=driver) == facts


def test_nothing_of_the_outbox_is_skipped_in_small_batches(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    with mock.patch.object(following, "BATCH", 1):
        for minute in range(1, 6):
            told(registration, now + minute * MINUTE)
        follow(now + DAY)
    place = outbox.place_of(history.READER)
    assert (place.transaction, place.id) == Message.objects.order_by("-transaction", "-id").values_list("transaction", "id")[0]
