"""What a list says, and when time alone changes it."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.issuing.verdict import Consent, Facts, Person, Status, next_change, status
from registry.statuslist import rules

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
moments = st.timedeltas(timedelta(days=-40), timedelta(days=40)).map(lambda span: NOW + span)
days = st.none() | st.dates(date(2026, 1, 25), date(2026, 4, 10))
consents = st.builds(Consent, state=st.sampled_from(["granted", "withdrawn", "expired", "invited"]), starts_on=days, ends_on=days)
facts = st.builds(
    Facts,
    registry_id=st.just("0"),
    issued_at=st.just(NOW - timedelta(days=50)),
    expires_at=moments,
    platforms=st.just(frozenset()),
    drive_mode=st.just("computed"),
    operator=st.just(Person()),
    consent_needed=st.booleans(),
    consent=st.none() | consents,
    holds=st.sampled_from([frozenset(), frozenset({"officer"})]),
    revoked_at=st.none() | moments,
    retired_at=st.none() | moments,
)


def test_every_status_has_its_registered_value() -> None:
    assert set(rules.VALUES) == set(Status)
    ended = {Status.REVOKED, Status.RETIRED, Status.EXPIRED}
    assert {each for each, value in rules.VALUES.items() if value == rules.INVALID} == ended
    assert (rules.VALUES[Status.ACTIVE], rules.VALUES[Status.SUSPENDED]) == (0, 2)


@given(facts, st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=5))
def test_until_the_next_change_nothing_changes(known: Facts, parts: list[float]) -> None:
    change = next_change(known, NOW)
    end = change or NOW + timedelta(days=100)
    for part in parts:
        moment = NOW + (end - NOW) * part
        assert moment >= end or status(known, moment) is status(known, NOW)
    assert change is None or change > NOW


@given(facts)
def test_the_chain_of_changes_ends_with_everything_over(known: Facts) -> None:
    now, steps = NOW, 0
    while (change := next_change(known, now)) is not None:
        now, steps = change, steps + 1
    assert steps <= 5
    assert rules.value_of(known, now) == rules.INVALID
