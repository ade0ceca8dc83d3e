"""What is kept of a vendor's words: codes and request numbers, never what he was asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verification.authority.conftest import CREDENTIAL, NAME, NUMBER, QUESTION
from verification.engines.authority import answers
from verification.engines.authority.protocol import Outcome, Question

PINYIN = Question("OuyangMingyue", NUMBER, "resident_id")
SHORT = Question("Li", NUMBER, "resident_id")
NO_CODES: list[object] = [NUMBER, NAME, CREDENTIAL, "", "a b", "x" * 81, "0\n", "<b>", 0, None, {}, ["0"]]


@pytest.mark.parametrize("code", ["0", "-1", "200", "Success", "FailedOperation.IdNameMisMatch", "InvalidTimeStamp.Expired", "passed"])
def test_a_result_code_is_kept(code: str) -> None:
    assert answers.kept_code(QUESTION, code) == code


@pytest.mark.parametrize(
    ("question", "code"),
    [
        *[(QUESTION, each) for each in NO_CODES],
        *[(PINYIN, each) for each in ("OuyangMingyue", "ouyangmingyue", "NotFound.OuyangMingyue")],
        *[(SHORT, each) for each in ("Li", "LI")],
    ],
)
def test_what_is_no_code_or_repeats_the_question_is_not_kept(question: Question, code: object) -> None:
    assert answers.kept_code(question, code) == "unreadable"


def test_a_short_name_inside_a_code_hides_nothing() -> None:
    assert answers.kept_code(SHORT, "InvalidParameter") == "InvalidParameter"


@pytest.mark.parametrize(
    ("reference", "kept"),
    [
        ("f904f4cf-75db-4f8f-a5ec-dc4f942c7f7a", True),
        ("130A2C10-B9EE-4D84-88E3-5384FF039795", True),
        *[(each, False) for each in (NUMBER, NUMBER.lower(), f"req-{NUMBER}", NAME, "short", "a" * 65, "with space 1", 7, None)],
    ],
)
def test_a_request_number_is_kept_unless_it_repeats_the_question(reference: object, kept: bool) -> None:
    assert answers.kept_reference(QUESTION, reference) == (reference if kept else "")


@given(st.text(max_size=90) | st.integers() | st.none())
def test_nothing_kept_is_longer_than_a_code_or_other_than_ascii(said: object) -> None:
    for kept in (answers.kept_code(QUESTION, said), answers.kept_reference(QUESTION, said)):
        assert len(kept) <= 80
        assert kept.isascii()


@given(st.integers(0, 100) | st.floats(0, 100))
def test_a_score_between_0_and_100_is_one(score: float) -> None:
    assert answers.similarity(score) == score


@pytest.mark.parametrize("score", [None, "80", True, -0.01, 100.01, float("nan"), float("inf"), 10**400, []])
def test_anything_else_is_no_score(score: object) -> None:
    assert answers.similarity(score) is None


def test_the_log_has_the_cause_and_no_person(caplog: pytest.LogCaptureFixture) -> None:
    answer = answers.answer(QUESTION, "tencent", answers.LATER, code=NUMBER, reference=NUMBER)
    assert (answer.outcome, answer.reference, answer.code, answer.retryable) == (Outcome.UNAVAILABLE, "", "unreadable", True)
    assert caplog.messages == ["Authority tencent is unavailable: unreadable"]
