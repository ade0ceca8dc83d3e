"""The verdict about a persona of an organisation follows its verification and its agents'."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.kit import clock
from portal.kit.outcome import Allowed, Refused
from portal.outbox.models import Message
from registry.gate.projection import Projection
from registry.issuing import queries
from registry.issuing.models import Registration
from registry.issuing.verdict import Ask, verdict
from registry.record import public
from tests import organisations
from tests.registry.rows import registration_of
from verification.models import Identity
from verification.organisations import services
from verification.organisations.models import Organisation
from verification.rules import REVERIFY

LIVE = Ask("demo-live", "live", "commerce", "CN")


@pytest.fixture
def now() -> datetime:
    """The present: the database ends a term by its own clock."""
    return clock.now()


@pytest.fixture
def star(alice: User, bob: User, now: datetime) -> Organisation:
    """Star River Culture, verified; Alice owns it."""
    return organisations.decided(organisations.submitted(alice, now), bob, now)


@pytest.fixture
def registration(star: Organisation, alice: User, now: datetime) -> Registration:
    """A registered persona in the name of Star River Culture, made by Alice."""
    found = registration_of(alice, now=now)
    return _moved(found, star)


def _moved(registration: Registration, organisation: Organisation) -> Registration:
    registration.operator = registration.persona.operator = organisation.operator  # type: ignore[assignment]
    registration.persona.save()
    registration.save()
    return registration


def judged(registration: Registration, now: datetime) -> tuple[str, ...]:
    """Returns the reasons, empty for an allowed one."""
    outcome = verdict(queries.facts_of(registration), LIVE, now)
    return outcome.reasons if isinstance(outcome, Refused) else ()


def test_a_verified_organisation_with_a_verified_agent_is_allowed(registration: Registration, now: datetime) -> None:
    assert judged(registration, now) == ()


def test_a_revocation_breaks_the_chain_within_a_look_of_the_gate(
    registration: Registration,
    star: Organisation,
    bob: User,
    now: datetime,
) -> None:
    gate = Projection()
    gate.load()
    services.revoke(actor=actor_for(bob), organisation_id=star.pk, reason="not_an_agent", now=now)
    assert judged(registration, now) == ("operator_unverified",)
    gate.follow()
    assert gate.facts[registration.registry_id].operator.verified_until is None


def test_the_last_agent_who_leaves_takes_the_answer_with_them(
    registration: Registration,
    star: Organisation,
    alice: User,
    carol: User,
    now: datetime,
) -> None:
    organisations.agent(star, alice, carol, now)
    gate = Projection()
    gate.load()
    mandates = {each.user_id: each.pk for each in star.mandates.all()}
    services.end_mandate(actor=actor_for(alice), organisation=star, mandate_id=mandates[alice.pk], now=now)
    assert judged(registration, now) == ()
    services.end_mandate(actor=actor_for(carol), organisation=star, mandate_id=mandates[carol.pk], now=now)
    assert judged(registration, now) == ("operator_unverified",)
    gate.follow()
    assert gate.facts[registration.registry_id].operator.verified_until is None


def test_an_agents_identity_counts_and_its_change_touches_the_registration(registration: Registration, alice: User, now: datetime) -> None:
    Identity.objects.filter(user=alice).update(revoked_at=now)
    assert judged(registration, now) == ("operator_unverified",)
    assert list(queries.touched_by([Message(topic="person.changed", payload={"user": str(alice.pk)})])) == [registration]
    assert list(queries.touched_by([Message(topic="operator.changed", payload={"operator": str(registration.operator_id)})])) == [
        registration
    ]


def test_time_ends_it_without_a_message(registration: Registration, star: Organisation, now: datetime) -> None:
    assert star.valid_until is not None
    Identity.objects.update(reverified_at=star.valid_until - timedelta(days=30))
    assert judged(registration, star.valid_until) == ("not_active", "operator_reverify_due")
    assert judged(registration, star.valid_until - timedelta(seconds=1)) == ()


def test_the_latest_confirmation_among_the_agents_counts_as_the_organisations(
    registration: Registration, star: Organisation, alice: User, carol: User, now: datetime
) -> None:
    due = now + REVERIFY
    assert (judged(registration, due - timedelta(seconds=1)), judged(registration, due)) == ((), ("operator_reverify_due",))
    mandate = organisations.agent(star, alice, carol, now)
    confirmed = now + timedelta(days=60)
    Identity.objects.filter(user=carol).update(reverified_at=confirmed)
    assert judged(registration, due) == ()
    assert judged(registration, confirmed + REVERIFY) == ("operator_reverify_due",)
    services.end_mandate(actor=actor_for(alice), organisation=star, mandate_id=mandate.pk, now=now)
    assert judged(registration, due) == ("operator_reverify_due",)


def test_nothing_but_live_commerce_waits_for_the_organisations_six_months(registration: Registration, now: datetime) -> None:
    facts = queries.facts_of(registration)
    assert isinstance(verdict(facts, replace(LIVE, purpose="education"), now + REVERIFY), Allowed)
    assert isinstance(verdict(facts, replace(LIVE, activity="upload"), now + REVERIFY), Allowed)


def test_the_minority_of_an_agent_does_not_count_as_the_organisations(registration: Registration, alice: User, now: datetime) -> None:
    Identity.objects.filter(user=alice).update(is_minor=True)
    assert judged(registration, now) == ("operator_unverified",)


def test_an_agent_who_left_lends_their_face_no_longer(
    star: Organisation,
    alice: User,
    carol: User,
    now: datetime,
) -> None:
    mandate = organisations.agent(star, alice, carol, now)
    registration = _moved(registration_of(carol, now=now, portrayed="self"), star)
    assert judged(registration, now) == ()
    services.end_mandate(actor=actor_for(alice), organisation=star, mandate_id=mandate.pk, now=now)
    assert judged(registration, now) == ("consent_missing",)


def test_the_record_names_the_organisation_and_never_a_person(registration: Registration, eve: User, now: datetime) -> None:
    [entity] = public.document(registration, now)["entities"]
    assert entity["class"] == "organisation"
    assert entity["name"] == "星河文化有限公司"
    assert entity["verified"] is True
    assert "林样本" not in str(public.document(registration, now))
    [own] = public.document(registration_of(eve, now=now), now)["entities"]
    assert (own["class"], "name" in own) == ("person", False)
