"""What follows from an answer, and how long a case waits for one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.engines.authority import rules
from verification.engines.authority.protocol import Answer, Outcome
from verification.reasons import REASONS, Kind


@given(st.integers(-3, 50), st.text(max_size=40))
def test_a_wait_grows_to_two_hours_and_is_the_same_for_the_same_case(tries: int, seed: str) -> None:
    wait = rules.backoff(tries, seed=seed)
    assert wait == rules.backoff(tries, seed=seed)
    assert rules.WAITS[0] <= wait <= rules.WAITS[-1] * (1 + rules.JITTER)
    assert rules.backoff(tries + 1, seed=seed) >= wait


def test_the_first_waits_are_minutes_and_the_cases_of_an_outage_spread() -> None:
    minutes = [rules.backoff(tries, seed="case") / timedelta(minutes=1) for tries in (1, 2, 3, 4, 5)]
    assert all(least <= wait <= least * 1.2 for wait, least in zip(minutes, (1, 2, 5, 15, 30), strict=True))
    assert len({rules.backoff(4, seed=str(case)) for case in range(100)}) > 90


def test_a_case_waits_for_an_officer_no_longer_than_five_hours() -> None:
    whole = sum((rules.backoff(tries, seed="case") for tries in range(1, rules.AUTHORITY_TRIES)), timedelta())
    assert timedelta(hours=3, minutes=50) < whole < timedelta(hours=5)


@pytest.mark.parametrize(
    ("outcome", "retryable", "tries", "again"),
    [
        ("unavailable", True, 1, True),
        ("unavailable", True, rules.AUTHORITY_TRIES - 1, True),
        ("unavailable", True, rules.AUTHORITY_TRIES, False),
        ("unavailable", False, 1, False),
        ("match", True, 1, False),
        ("mismatch", True, 1, False),
        ("not_found", True, 1, False),
    ],
)
def test_only_an_outage_is_asked_again_and_not_for_ever(outcome: str, retryable: bool, tries: int, again: bool) -> None:
    answer = Answer(Outcome(outcome), "tencent", retryable=retryable)
    assert rules.asks_again(answer, tries=tries) is again


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        (Answer(Outcome.MATCH, "tencent"), ()),
        (Answer(Outcome.MATCH, "tencent", score=75, doubtful=True), ("authority_face_doubtful",)),
        (Answer(Outcome.MISMATCH, "tencent"), ("authority_mismatch",)),
        (Answer(Outcome.NOT_FOUND, "tencent"), ("authority_not_found",)),
        (Answer(Outcome.UNAVAILABLE, "tencent"), ("authority_unavailable",)),
        (None, ("authority_not_asked",)),
    ],
)
def test_an_answer_has_its_reasons(answer: Answer | None, codes: tuple[str, ...]) -> None:
    assert rules.reasons(answer) == codes
    assert set(codes) <= set(REASONS)


def test_the_applicant_does_not_learn_what_did_not_match() -> None:
    vague = REASONS["document_unverified"]
    for code in ("authority_mismatch", "authority_not_found"):
        assert (REASONS[code].text, REASONS[code].help, REASONS[code].kind) == (vague.text, vague.help, Kind.REVIEW)


def test_only_a_person_nobody_was_asked_about_needs_no_officer_for_it() -> None:
    kinds = {code: reason.kind for code, reason in REASONS.items() if code.startswith("authority_")}
    assert [code for code, kind in kinds.items() if kind is Kind.NOTE] == ["authority_not_asked"]
    assert {kind for code, kind in kinds.items() if code != "authority_not_asked"} == {Kind.REVIEW}
