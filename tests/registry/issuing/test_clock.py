"""What the registry makes of guardians and of the six months: facts, who is touched, who is reminded."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.accounts.models import User
from portal.kit.outcome import Allowed, Refused
from portal.letters.models import Letter
from portal.outbox.models import Message
from registry.consent.models import Licence
from registry.issuing import queries, tasks
from registry.issuing.declarations import sells_live
from registry.issuing.models import Registration
from registry.issuing.verdict import Ask, may_sell_live, verdict
from tests.registry.rows import guardian_of, licence_of, registration_of, verified
from verification import declared
from verification.guardians.models import Guardianship
from verification.models import Identity
from verification.renewals.models import Reminder
from verification.rules import REVERIFY

LIVE = Ask("demo-live", "live", "commerce", "CN")
BORN, BIRTHDAY = "2009-06-01", datetime(2027, 5, 31, 16, 0, tzinfo=UTC)  # midnight in the registry's zone


def reasons(registration: Registration, at: datetime) -> tuple[str, ...]:
    """Returns why live commerce is refused at that moment; empty if it is not."""
    outcome = verdict(queries.facts_of(registration), LIVE, at)
    assert isinstance(outcome, (Allowed, Refused))
    return outcome.reasons if isinstance(outcome, Refused) else ()


@pytest.fixture
def minors(alice: User, now: datetime) -> Registration:
    """A registration of a minor, whose verification is confirmed far into the future."""
    verified(alice, now=now, birth_date=BORN, is_minor=True, valid_until=now + timedelta(days=700))
    return registration_of(alice, now=now)


def fresh(at: datetime) -> None:
    """Lets everybody have confirmed their identity just before."""
    Identity.objects.update(reverified_at=at - timedelta(days=1))


def test_a_minor_needs_a_guardian_until_the_birthday(minors: Registration, now: datetime) -> None:
    Registration.objects.update(expires_at=now + timedelta(days=900))
    minors.refresh_from_db()
    assert reasons(minors, now) == ("guardian_missing",)
    fresh(BIRTHDAY)
    assert reasons(minors, BIRTHDAY - timedelta(seconds=1)) == ("guardian_missing",)
    assert reasons(minors, BIRTHDAY) == ()


def test_the_guardians_consent_and_its_ends_reach_the_facts(minors: Registration, alice: User, now: datetime) -> None:
    row = guardian_of(alice, now=now)
    assert reasons(minors, now) == ()
    Identity.objects.filter(user=row.guardian).update(valid_until=now + timedelta(days=3))
    facts = queries.facts_of(minors)
    outcome = verdict(facts, LIVE, now)
    assert isinstance(outcome, Allowed)
    assert outcome.until == now + timedelta(days=3)
    for state in ("granted", "withdrawn", "refused", "taken_back"):
        Guardianship.objects.update(state=state)
        assert reasons(minors, now) == ("guardian_missing",), state
    Guardianship.objects.update(state="confirmed")
    Identity.objects.filter(user=row.guardian).update(revoked_at=now)
    assert reasons(minors, now) == ("guardian_missing",)


def test_a_driver_under_age_needs_a_guardian_too(alice: User, eve: User, now: datetime) -> None:
    registration = registration_of(alice, now=now, drive_mode="human", driver=eve)
    verified(eve, now=now, birth_date=BORN, is_minor=True)
    assert reasons(registration, now) == ("guardian_missing",)
    guardian_of(eve, now=now)
    assert reasons(registration, now) == ()


def test_what_changes_of_a_guardian_touches_the_wards_registrations(minors: Registration, alice: User, now: datetime) -> None:
    guardian = guardian_of(alice, now=now).guardian
    assert guardian is not None
    about = [Message(topic="person.changed", payload={"user": str(guardian.pk)})]
    assert list(queries.touched_by(about)) == [minors]
    Guardianship.objects.update(state="withdrawn")
    assert list(queries.touched_by(about)) == []


def test_the_facts_tell_no_birthday_of_an_adult(alice: User, now: datetime) -> None:
    assert queries.facts_of(registration_of(alice, now=now)).operator.adult_from is None


def test_after_six_months_live_commerce_ends_until_the_identity_is_confirmed(alice: User, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    assert reasons(registration, now + REVERIFY - timedelta(seconds=1)) == ()
    assert reasons(registration, now + REVERIFY) == ("operator_reverify_due",)
    Identity.objects.update(reverified_at=now + REVERIFY)
    assert reasons(registration, now + REVERIFY) == ()


@pytest.fixture
def licensed(alice: User, carol: User, now: datetime) -> Registration:
    """Alice's persona with Carol's face, licensed for live commerce."""
    verified(carol, now=now)
    registration = registration_of(alice, now=now, portrayed="other")
    licence_of(registration.persona, carol, now=now)
    return registration


@pytest.mark.parametrize(
    ("change", "sells"),
    [({}, True), ({"purposes": ["education"]}, False), ({"media": ["upload"]}, False), ({"state": "withdrawn"}, False)],
)
def test_who_sells_live_is_asked_as_the_verdict_asks(
    licensed: Registration, alice: User, carol: User, now: datetime, change: dict[str, object], sells: bool
) -> None:
    Licence.objects.update(**change)
    assert sells_live(alice.pk, now) is sells
    assert declared.holds(declared.LIVE_COMMERCE, alice.pk, now) is sells
    if change != {"state": "withdrawn"}:  # a withdrawn licence refuses everything by itself
        assert may_sell_live(queries.facts_of(licensed)) is sells
    assert not sells_live(carol.pk, now)


@pytest.mark.parametrize("end", ["revoked_at", "retired_at", "expires_at"])
def test_who_has_no_registration_in_force_sells_nothing(alice: User, now: datetime, end: str) -> None:
    registration_of(alice, now=now)
    assert sells_live(alice.pk, now)
    Registration.objects.update(**{end: now})
    assert not sells_live(alice.pk, now)


def test_operators_of_live_commerce_are_reminded_and_nobody_else(licensed: Registration, alice: User, now: datetime) -> None:
    at = now + REVERIFY - timedelta(days=20)
    assert list(tasks._unreminded(at - timedelta(days=20))) == []
    assert list(tasks._unreminded(at)) == [alice.pk]  # Carol, who is portrayed, sells nothing
    Licence.objects.update(purposes=["education"])
    assert list(tasks._unreminded(at)) == []


def test_the_job_writes_the_reminder_once(licensed: Registration, alice: User) -> None:
    today = datetime.now(tz=UTC)
    Identity.objects.filter(user=alice).update(verified_at=today - REVERIFY + timedelta(days=5), valid_until=today + timedelta(days=90))
    Registration.objects.update(expires_at=today + timedelta(days=90))
    for _ in range(2):
        for key in tasks._unreminded(today):
            tasks.remind(str(key))
    assert list(Reminder.objects.values_list("user", "kind")) == [(alice.pk, "reverify.week")]
    assert Letter.objects.filter(kind="reverify.week", to=alice).count() == 1
