"""The verdict by table and by properties."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.kit.outcome import Allowed, Refused
from registry.issuing.reasons import REASONS
from registry.issuing.verdict import LABEL, Ask, Facts, Person, Status, status, verdict
from tests.registry.issuing.chain import EARLIER, FACTS, GRANTED, LATER, LIVE, MINOR, NOW, VERIFIED


def judged(ask: Ask = LIVE, **changes: Any) -> tuple[str, ...]:
    """Returns the reasons, empty for an allowed one."""
    outcome = verdict(replace(FACTS, **changes), ask, NOW)
    return outcome.reasons if isinstance(outcome, Refused) else ()


def test_a_whole_chain_is_allowed_with_its_label() -> None:
    outcome = verdict(FACTS, LIVE, NOW)
    assert isinstance(outcome, Allowed)
    assert outcome.until == LATER
    assert outcome.obligations["label"] == {"text": LABEL, "when": "continuous", "where": "display_area"}


def test_an_unknown_persona_is_refused() -> None:
    assert verdict(None, LIVE, NOW) == Refused(("persona_unknown",))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"revoked_at": EARLIER}, "not_active"),
        ({"retired_at": EARLIER}, "not_active"),
        ({"expires_at": NOW}, "not_active"),
        ({"issued_at": LATER}, "not_active"),
        ({"holds": frozenset({"operator"})}, "hold_operator"),
        ({"holds": frozenset({"officer"})}, "hold_officer"),
        ({"holds": frozenset({"legal"})}, "hold_legal"),
        ({"holds": frozenset({"label"})}, "hold_label"),
        ({"holds": frozenset({"consent"})}, "hold_consent"),
        ({"operator": Person()}, "operator_unverified"),
        ({"operator": Person(verified_until=NOW)}, "operator_reverify_due"),
        ({"operator": MINOR}, "guardian_missing"),
        ({"operator": replace(MINOR, guardian_until=NOW)}, "guardian_missing"),
        ({"driver": MINOR}, "guardian_missing"),
        ({"operator": replace(VERIFIED, reverify_by=NOW)}, "operator_reverify_due"),
        ({"driver": None}, "driver_required"),
        ({"driver": Person()}, "driver_unverified"),
        ({"consent": None}, "consent_missing"),
        ({"consent": replace(GRANTED, state="invited")}, "consent_missing"),
        ({"consent": replace(GRANTED, starts_on=date(2026, 3, 3))}, "consent_missing"),
        ({"consent": replace(GRANTED, state="withdrawn")}, "consent_withdrawn"),
        ({"consent": replace(GRANTED, state="expired")}, "consent_expired"),
        ({"consent": replace(GRANTED, ends_on=date(2026, 3, 1))}, "consent_expired"),
        ({"consent": replace(GRANTED, media=frozenset({"upload"}))}, "scope_not_covered"),
        ({"consent": replace(GRANTED, purposes=frozenset())}, "scope_not_covered"),
        ({"consent": replace(GRANTED, platforms=frozenset())}, "scope_not_covered"),
        ({"consent": replace(GRANTED, territories=frozenset())}, "scope_not_covered"),
        ({"consent": replace(GRANTED, computed_driving=False), "drive_mode": "computed"}, "scope_not_covered"),
        ({"platforms": frozenset()}, "scope_not_covered"),
    ],
)
def test_each_broken_link_refuses_with_its_own_reason(changes: dict[str, Any], reason: str) -> None:
    assert judged(**changes) == (reason,)
    assert reason in REASONS


@pytest.mark.parametrize(
    ("ask", "allowed"),
    [
        (Ask("douyin", "live"), True),
        (Ask("douyin", "upload", "commerce", "CN"), True),
        (Ask("bilibili", "live"), False),
        (Ask("douyin", "live", "education"), False),
        (Ask("douyin", "live", "commerce", "US"), False),
        (Ask("douyin", "other"), False),
    ],
)
def test_the_licence_covers_what_it_names_and_nothing_else(ask: Ask, allowed: bool) -> None:
    assert (judged(ask) == ()) is allowed


def test_a_worldwide_licence_covers_every_territory() -> None:
    assert judged(Ask("douyin", "live", "commerce", "US"), consent=replace(GRANTED, territories=frozenset({"WORLD"}))) == ()


def test_a_question_left_open_comes_back_as_a_limit() -> None:
    outcome = verdict(FACTS, Ask("douyin", "live"), NOW)
    assert isinstance(outcome, Allowed)
    assert outcome.obligations["limits"] == {"purposes": ["commerce"], "territories": ["CN"], "voice": False}


def test_a_licence_ends_with_its_last_day_in_the_registrys_zone() -> None:
    consent = replace(GRANTED, ends_on=date(2026, 3, 2))
    outcome = verdict(replace(FACTS, consent=consent), LIVE, NOW)
    assert isinstance(outcome, Allowed)
    assert outcome.until == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert verdict(replace(FACTS, consent=consent), LIVE, outcome.until) == Refused(("consent_expired",))


def test_a_synthetic_persona_needs_no_consent_and_a_computed_one_no_driver() -> None:
    assert judged(consent_needed=False, consent=None) == ()
    assert judged(drive_mode="computed", driver=None) == ()
    assert judged(Ask("douyin", "upload"), driver=None) == ()


@pytest.mark.parametrize(("ask", "changes"), [(LIVE, {"drive_mode": "computed"}), (Ask("douyin", "upload", "commerce", "CN"), {})])
@pytest.mark.parametrize("ended", [EARLIER, NOW, NOW + timedelta(days=2)])
def test_an_answer_rests_on_no_driver_where_none_is_needed(ask: Ask, changes: dict[str, Any], ended: datetime) -> None:
    """The permission neither ends with the verification of whoever drove it once, nor lies in the past because that ended."""
    outcome = verdict(replace(FACTS, **changes, driver=Person(verified_until=ended)), ask, NOW)
    assert isinstance(outcome, Allowed)
    assert outcome.until == LATER


def test_every_reason_is_given_at_once() -> None:
    reasons = judged(holds=frozenset({"officer", "operator"}), operator=Person(), consent=None)
    assert reasons == ("hold_officer", "hold_operator", "operator_unverified", "consent_missing")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Status.ACTIVE),
        ({"holds": frozenset({"legal"})}, Status.SUSPENDED),
        ({"consent": replace(GRANTED, state="withdrawn")}, Status.SUSPENDED),
        ({"expires_at": NOW, "holds": frozenset({"legal"})}, Status.EXPIRED),
        ({"retired_at": EARLIER}, Status.RETIRED),
        ({"revoked_at": EARLIER, "retired_at": EARLIER}, Status.REVOKED),
    ],
)
def test_the_status_is_derived(changes: dict[str, Any], expected: Status) -> None:
    assert status(replace(FACTS, **changes), NOW) is expected


def _with(who: str, person: Person) -> Facts:
    return replace(FACTS, operator=person) if who == "operator" else replace(FACTS, driver=person)


@pytest.mark.parametrize("who", ["operator", "driver"])
def test_a_minor_is_allowed_as_long_as_the_guardian_counts_and_alone_from_the_birthday_on(who: str) -> None:
    birthday, short = MINOR.adult_from, NOW + timedelta(days=20)
    assert birthday is not None
    guarded = _with(who, replace(MINOR, guardian_until=short))
    outcome = verdict(guarded, LIVE, NOW)
    assert isinstance(outcome, Allowed)
    assert outcome.until == short
    assert verdict(guarded, LIVE, short) == Refused(("guardian_missing",))
    assert isinstance(verdict(guarded, LIVE, birthday), Allowed)
    long = verdict(_with(who, replace(MINOR, guardian_until=birthday + timedelta(days=1))), LIVE, NOW)
    assert isinstance(long, Allowed)
    assert long.until == LATER


DUE: dict[str, Any] = {"operator": replace(VERIFIED, reverify_by=EARLIER)}
MIXED = replace(GRANTED, purposes=frozenset({"commerce", "education"}))


def test_an_operator_who_did_not_confirm_in_six_months_sells_nothing_live() -> None:
    assert judged(**DUE, consent=MIXED) == ("operator_reverify_due",)
    assert judged(Ask("douyin", "live", "education", "CN"), **DUE, consent=MIXED) == ()
    assert judged(Ask("douyin", "upload", "commerce", "CN"), **DUE) == ()


def test_where_the_purpose_is_left_open_commerce_is_taken_out_of_the_limits() -> None:
    outcome = verdict(replace(FACTS, **DUE, consent=MIXED), Ask("douyin", "live"), NOW)
    assert isinstance(outcome, Allowed)
    assert outcome.obligations["limits"] == {
        "purposes": ["education"],
        "territories": ["CN"],
        "voice": False,
        "excluded_purposes": ["commerce"],
    }
    synthetic = verdict(replace(FACTS, **DUE, consent_needed=False, consent=None), Ask("douyin", "live"), NOW)
    assert isinstance(synthetic, Allowed)
    assert synthetic.obligations["limits"] == {"excluded_purposes": ["commerce"]}


def test_where_nothing_but_commerce_is_licensed_an_open_question_is_refused() -> None:
    assert judged(Ask("douyin", "live"), **DUE) == ("operator_reverify_due",)


def test_whoever_may_not_sell_live_is_not_asked_to_confirm() -> None:
    teaching: dict[str, Any] = {"consent": replace(GRANTED, purposes=frozenset({"education"}))}
    outcome = verdict(replace(FACTS, **DUE, **teaching), Ask("douyin", "live"), NOW)
    assert isinstance(outcome, Allowed)
    assert outcome.obligations["limits"] == {"purposes": ["education"], "territories": ["CN"], "voice": False}
    assert outcome.until == LATER


@pytest.mark.parametrize("ask", [LIVE, Ask("douyin", "live")])
def test_an_answer_about_live_commerce_holds_no_longer_than_the_six_months(ask: Ask) -> None:
    soon = NOW + timedelta(days=3)
    facts = replace(FACTS, operator=replace(VERIFIED, reverify_by=soon), consent=MIXED)
    outcome = verdict(facts, ask, NOW)
    assert isinstance(outcome, Allowed)
    assert outcome.until == soon
    upload = verdict(facts, replace(ask, activity="upload"), NOW)
    assert isinstance(upload, Allowed)
    assert upload.until == LATER
