"""Which event a change of status is, and when time alone changes one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.feed.types import EventType
from registry.events.rules import became
from registry.issuing.verdict import Consent, Facts, Person, Status, next_change, status

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
FACTS = Facts("X", START, START + timedelta(days=365), frozenset({"live"}), "computed", Person())


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        ("", Status.ACTIVE, EventType.PERSONA_ACTIVATED),
        ("", Status.SUSPENDED, EventType.PERSONA_SUSPENDED),
        ("active", Status.SUSPENDED, EventType.PERSONA_SUSPENDED),
        ("suspended", Status.ACTIVE, EventType.PERSONA_RESTORED),
        ("expired", Status.ACTIVE, EventType.PERSONA_RESTORED),
        ("active", Status.EXPIRED, EventType.PERSONA_EXPIRED),
        ("suspended", Status.REVOKED, EventType.PERSONA_REVOKED),
        ("active", Status.RETIRED, EventType.PERSONA_RETIRED),
        ("active", Status.ACTIVE, None),
        ("revoked", Status.REVOKED, None),
    ],
)
def test_what_a_change_is_called(before: str, after: Status, event: EventType | None) -> None:
    assert became(before, after) is event


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_an_event(status: Status) -> None:
    assert became("", status)


def licensed(starts: date | None, ends: date | None) -> Facts:
    """Returns facts under a licence of these days."""
    return replace(FACTS, consent_needed=True, consent=Consent("granted", starts_on=starts, ends_on=ends))


def test_the_next_change_is_the_nearest_end() -> None:
    assert next_change(FACTS, START) == FACTS.expires_at
    assert next_change(FACTS, FACTS.expires_at) is None
    ends = next_change(licensed(date(2026, 3, 1), date(2026, 3, 5)), START)
    assert ends == datetime(2026, 3, 5, 16, 0, tzinfo=UTC)  # midnight in China after the last day


@pytest.mark.parametrize("facts", [FACTS, licensed(date(2026, 3, 4), date(2026, 3, 9)), licensed(None, date(2026, 3, 2))])
def test_the_status_does_not_change_before_the_next_change(facts: Facts) -> None:
    moment: datetime | None = START
    while moment is not None:
        following = next_change(facts, moment)
        until = following or moment + timedelta(days=400)
        step = (until - moment) / 7
        assert {status(facts, moment + step * part) for part in range(7)} == {status(facts, moment)}
        moment = following
