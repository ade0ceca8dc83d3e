"""The facts of a registration, as they change with what hangs on it."""

from datetime import datetime

import pytest

from portal.accounts.models import User
from portal.kit.outcome import Allowed, Refused
from portal.outbox.models import Message
from registry.consent.models import Licence
from registry.issuing import queries
from registry.issuing.models import Registration
from registry.issuing.verdict import Ask, verdict
from tests.registry.rows import licence_of, registration_of, verified
from verification.models import Identity

LIVE = Ask("demo-live", "live", "commerce", "CN")


@pytest.fixture
def registration(alice: User, carol: User, now: datetime) -> Registration:
    """A registered persona of Alice with Carol's face, licensed."""
    verified(carol, now=now)
    registration = registration_of(alice, now=now, portrayed="other")
    licence_of(registration.persona, carol, now=now)
    return registration


def judged(registration: Registration, now: datetime) -> tuple[str, ...]:
    """Returns the reasons, empty for an allowed one."""
    outcome = verdict(queries.facts_of(registration), LIVE, now)
    assert isinstance(outcome, (Allowed, Refused))
    return outcome.reasons if isinstance(outcome, Refused) else ()


def test_a_licensed_persona_is_allowed(registration: Registration, now: datetime) -> None:
    assert judged(registration, now) == ()


def test_the_revoked_identity_of_the_portrayed_person_breaks_the_chain(registration: Registration, carol: User, now: datetime) -> None:
    Identity.objects.filter(user=carol).update(revoked_at=now)
    assert judged(registration, now) == ("consent_missing",)


def test_the_revoked_identity_of_the_operator_breaks_the_chain(registration: Registration, alice: User, now: datetime) -> None:
    Identity.objects.filter(user=alice).update(revoked_at=now)
    assert judged(registration, now) == ("operator_unverified",)


def test_an_identity_that_ran_out_asks_for_another(registration: Registration, alice: User, now: datetime) -> None:
    Identity.objects.filter(user=alice).update(valid_until=now)
    assert judged(registration, now) == ("operator_reverify_due",)


def test_the_registered_facts_count_and_not_the_working_copy(registration: Registration, now: datetime) -> None:
    persona = registration.persona
    persona.portrayed, persona.platforms = "nobody", []
    persona.save()
    Licence.objects.update(state="withdrawn")
    assert judged(registration, now) == ("consent_withdrawn",)


@pytest.mark.parametrize("who", ["alice", "carol"])
def test_a_message_about_a_person_touches_their_registrations(
    who: str, registration: Registration, alice: User, carol: User, eve: User, now: datetime
) -> None:
    user = {"alice": alice, "carol": carol}[who]
    assert list(queries.touched_by([Message(topic="person.changed", payload={"user": str(user.pk)})])) == [registration]
    assert list(queries.touched_by([Message(topic="person.changed", payload={"user": str(eve.pk)})])) == []
