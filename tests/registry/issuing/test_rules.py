"""When a registration can be renewed, restored, handed on; of which end the operator is reminded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.issuing import rules
from registry.issuing.verdict import Consent, Facts, Person

END = datetime(2027, 3, 2, tzinfo=UTC)
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
GOOD = Facts("V" * 12, END - 365 * DAY, END, frozenset({"demo"}), "computed", Person(END + 100 * DAY))


def problems(facts: Facts, now: datetime, *prohibited: str) -> tuple[str, ...]:
    """Returns why it cannot be renewed."""
    return rules.renewal_problems(facts, prohibited, now)


def test_the_window_opens_sixty_days_before_the_end_and_closes_thirty_after_it() -> None:
    assert problems(GOOD, END - 60 * DAY - MOMENT) == ("not_yet_due",)
    assert problems(GOOD, END - 60 * DAY) == problems(GOOD, END) == problems(GOOD, END + 30 * DAY - MOMENT) == ()
    assert problems(GOOD, END + 30 * DAY) == ("too_late",)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(GOOD, operator=Person()), "operator_unverified"),
        (replace(GOOD, operator=Person(END - 30 * DAY)), "operator_reverify_due"),
        (replace(GOOD, operator=Person(END + 9 * DAY, adult_from=END + 9 * DAY)), "guardian_missing"),
        (replace(GOOD, consent_needed=True), "consent_missing"),
        (replace(GOOD, consent_needed=True, consent=Consent("withdrawn")), "consent_withdrawn"),
        (replace(GOOD, consent_needed=True, consent=Consent("superseded")), "consent_missing"),
        (replace(GOOD, holds=frozenset({"label"})), "hold_label"),
        (replace(GOOD, revoked_at=END - 99 * DAY), "ended"),
        (replace(GOOD, retired_at=END - 99 * DAY), "ended"),
    ],
)
def test_an_open_link_needs_an_officer(facts: Facts, reason: str) -> None:
    assert problems(facts, END - DAY) == (reason,)
    assert reason in problems(facts, END + DAY)


def test_any_prohibition_of_the_registry_needs_an_officer() -> None:
    assert problems(GOOD, END - DAY, "transfer") == ("prohibited",)


def test_what_has_ended_is_held_or_forbidden_does_not_pass_on() -> None:
    now = END - 99 * DAY
    assert rules.transfer_problems(GOOD, ["update"], now) == ()
    assert rules.transfer_problems(GOOD, ["transfer"], now) == ("prohibited",)
    assert rules.transfer_problems(replace(GOOD, holds=frozenset({"operator"})), [], now) == ("held",)
    assert rules.transfer_problems(GOOD, [], END) == ("not_active",)
    for ended in (replace(GOOD, revoked_at=now), replace(GOOD, retired_at=now)):
        assert rules.transfer_problems(ended, [], now) == ("not_active",)


def test_a_retirement_is_undone_within_thirty_days_or_never() -> None:
    assert rules.can_be_restored(END, None, END + 30 * DAY - MOMENT)
    assert not rules.can_be_restored(END, None, END + 30 * DAY)
    assert not rules.can_be_restored(END, END, END + DAY)
    assert not rules.can_be_restored(None, None, END)
    assert not rules.is_final(None, END)


@given(st.timedeltas(timedelta(0), 60 * DAY))
def test_it_is_either_final_or_can_be_undone(later: timedelta) -> None:
    now = END + later
    assert rules.is_final(END, now) != rules.can_be_restored(END, None, now)


def test_reminders_come_once_each_and_the_latest_alone() -> None:
    told: list[int] = []
    for hours in range(24 * 70, -24, -1):
        due = rules.reminder_due(END, told[-1] if told else None, END - timedelta(hours=hours))
        told += [due] if due else []
    assert told == [60, 14, 3]
    assert rules.reminder_due(END, None, END - 2 * DAY) == 3
    assert rules.reminder_due(END, None, END) is None


@pytest.mark.parametrize(("text", "good"), [("A", True), ("CN-2026/00017 (a)", True), ("x" * 64, True), ("x" * 65, False)])
def test_a_national_code_is_short_printable_ascii(text: str, good: bool) -> None:
    assert rules.is_code(text) is good


@pytest.mark.parametrize("text", ["", " a", "a ", "a\n", "a\tb", "数", "a\x7f", "é"])
def test_what_is_not_printable_ascii_is_no_code(text: str) -> None:
    assert not rules.is_code(text)
