"""What holds of the verdict whatever the facts are."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.kit.outcome import Allowed, Refused
from registry.issuing.reasons import REASONS
from registry.issuing.verdict import Ask, Consent, Facts, Person, Status, may_sell_live, status, verdict
from tests.registry.issuing.chain import NOW

moments = st.integers(-400, 700).map(lambda days: NOW + timedelta(days=days, hours=days % 7))
people = st.builds(Person, *[st.none() | moments] * 4)
words = st.frozensets(st.sampled_from(["live", "upload", "douyin", "commerce", "CN", "WORLD"]))
parties = st.frozensets(st.sampled_from(["consent", "operator", "officer", "label", "legal"]))
consents = st.builds(
    Consent,
    st.sampled_from(["invited", "granted", "withdrawn", "expired", "superseded"]),
    words,
    words,
    words,
    words,
    st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.none() | st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.booleans(),
    st.booleans(),
)
any_facts = st.builds(
    Facts,
    st.just("M9S346Q3D25Q"),
    moments,
    moments,
    words,
    st.sampled_from(["human", "computed", "hybrid"]),
    people,
    st.none() | people,
    st.booleans(),
    st.none() | consents,
    parties,
    st.none() | moments,
    st.none() | moments,
)
asks = st.builds(Ask, st.just("douyin"), st.sampled_from(["live", "upload"]), st.none() | st.just("commerce"), st.none() | st.just("CN"))


@given(any_facts, asks, moments, parties)
def test_adding_a_hold_never_turns_deny_into_allow(facts: Facts, ask: Ask, now: datetime, more: frozenset[str]) -> None:
    held = verdict(replace(facts, holds=facts.holds | more), ask, now)
    if more or isinstance(verdict(facts, ask, now), Refused):
        assert isinstance(held, Refused)


@given(any_facts, asks, moments)
def test_allowed_means_active_and_until_a_moment_to_come(facts: Facts, ask: Ask, now: datetime) -> None:
    outcome = verdict(facts, ask, now)
    if isinstance(outcome, Allowed):
        assert status(facts, now) is Status.ACTIVE
        assert outcome.until is not None
        assert outcome.until > now
    else:
        assert set(outcome.reasons) <= set(REASONS)


@given(any_facts, asks, moments)
def test_withdrawing_never_allows(facts: Facts, ask: Ask, now: datetime) -> None:
    if facts.consent_needed and facts.consent:
        ended = replace(facts, consent=replace(facts.consent, state="withdrawn"))
        assert isinstance(verdict(ended, ask, now), Refused)


@given(any_facts, asks, moments, st.timedeltas(timedelta(), timedelta(days=400)))
def test_time_never_turns_what_the_clock_refused_into_allowed(facts: Facts, ask: Ask, now: datetime, later: timedelta) -> None:
    """Coming of age apart, which is why this looks at the clock's own reason."""
    outcome = verdict(facts, ask, now)
    if isinstance(outcome, Refused) and "operator_reverify_due" in outcome.reasons:
        then = verdict(facts, ask, now + later)
        assert isinstance(then, Refused)
        assert "operator_reverify_due" in then.reasons


@given(any_facts, asks, moments)
def test_confirming_never_refuses_and_being_due_never_allows(facts: Facts, ask: Ask, now: datetime) -> None:
    fresh = replace(facts, operator=replace(facts.operator, reverify_by=now + timedelta(days=180)))
    due = replace(facts, operator=replace(facts.operator, reverify_by=now))
    if isinstance(verdict(fresh, ask, now), Refused):
        assert isinstance(verdict(due, ask, now), Refused)


@given(any_facts, st.none() | st.just("commerce"), moments)
def test_no_answer_lets_an_operator_who_is_due_sell_live(facts: Facts, purpose: str | None, now: datetime) -> None:
    due = replace(facts, operator=replace(facts.operator, reverify_by=now))
    outcome = verdict(due, Ask("douyin", "live", purpose), now)
    if isinstance(outcome, Allowed):
        limits = outcome.obligations["limits"]
        assert isinstance(limits, dict)
        assert purpose is None
        assert "commerce" not in limits.get("purposes", [])
        assert may_sell_live(facts) is ("excluded_purposes" in limits)


@given(any_facts, asks, moments)
def test_an_answer_holds_until_the_moment_it_names(facts: Facts, ask: Ask, now: datetime) -> None:
    """Whatever the clock, the guardian or the licence does to it, they do it then and not before."""
    outcome = verdict(facts, ask, now)
    if isinstance(outcome, Allowed) and outcome.until:
        last = outcome.until - timedelta(microseconds=1)
        then = verdict(facts, ask, max(now, last))
        assert isinstance(then, Allowed)
        assert then.obligations == outcome.obligations
