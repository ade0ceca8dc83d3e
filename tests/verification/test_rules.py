"""What the machine decides, as a table."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.vault import rotation
from verification import rules
from verification.reasons import REASONS, Kind, Step
from verification.rules import Facts, judge

GOOD = {"age": 35, "document_faces": 1, "selfie_faces": 1, "distance": 0.3}
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "state", "reasons", "risks"),
    [
        ({}, "verified", (), ()),
        ({"distance": rules.SAME_FACE}, "verified", (), ()),
        ({"distance": 0.51}, "review", (), ("face_doubtful",)),
        ({"distance": rules.DOUBT}, "review", (), ("face_doubtful",)),
        ({"distance": 0.61}, "retry", ("face_mismatch",), ()),
        ({"distance": 0.61, "rounds": 2}, "review", (), ("face_mismatch", "retried_often")),
        ({"document_faces": 0, "distance": None}, "retry", ("document_no_face",), ()),
        ({"document_faces": 0, "selfie_faces": 0, "distance": None}, "retry", ("document_no_face", "selfie_no_face"), ()),
        ({"selfie_faces": 2, "distance": 0.7}, "retry", ("selfie_several_faces",), ()),
        ({"document_faces": 2}, "review", (), ("document_several_faces",)),
        ({"face_consent": False, "document_faces": 0, "selfie_faces": 0, "distance": None}, "review", (), ("no_face_consent",)),
        ({"gave_up": True, "document_faces": 0, "selfie_faces": 0, "distance": None}, "review", (), ("machine_gave_up",)),
        ({"number_held": True}, "review", (), ("number_in_use",)),
        ({"nearest_other": 0.4}, "review", (), ("face_known",)),
        ({"nearest_other": 0.41}, "verified", (), ()),
        ({"identity_changed": True}, "review", (), ("identity_changed",)),
        ({"rejected_before": True}, "review", (), ("rejected_before",)),
        ({"age": 17}, "review", (), ("minor",)),
        ({"age": 18}, "verified", (), ()),
        (
            {"uploaded": frozenset(Step), "region_known": False},
            "verified",
            (),
            ("document_uploaded", "document_back_uploaded", "selfie_uploaded", "region_unknown"),
        ),
    ],
)
def test_the_machine_judges_by_this_table(changes: dict[str, object], state: str, reasons: tuple[str, ...], risks: tuple[str, ...]) -> None:
    judgement = judge(Facts(**{**GOOD, **changes}))  # type: ignore[arg-type]
    assert (judgement.state, judgement.reasons, judgement.risks) == (state, reasons, risks)


@given(
    st.builds(
        Facts,
        age=st.integers(0, 120),
        document_faces=st.integers(0, 3),
        selfie_faces=st.integers(0, 3),
        distance=st.none() | st.floats(0, 2),
        nearest_other=st.none() | st.floats(0, 2),
        rounds=st.integers(0, 5),
    )
)
def test_the_machine_never_rejects_and_always_has_texts(facts: Facts) -> None:
    judgement = judge(facts)
    assert judgement.state in ("verified", "review", "retry")
    assert (judgement.state == "retry") == bool(judgement.reasons)
    assert all(code in REASONS for code in (*judgement.reasons, *judgement.risks))
    assert judgement.state != "retry" or rules.steps_to_repeat(judgement.reasons)


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda reason: reason.code)
def test_every_code_has_its_texts(reason: object) -> None:
    entry = REASONS[reason.code]  # type: ignore[attr-defined]
    assert str(entry.internal)
    assert entry.kind is Kind.NOTE or str(entry.text)
    assert entry.kind not in (Kind.RETRY, Kind.FINAL) or str(entry.help), "a refusal says what to do next"
    assert len(entry.code) <= 40


def test_the_applicant_never_learns_that_a_number_is_in_use() -> None:
    assert str(REASONS["number_in_use"].text) == "We could not verify this document."


def test_an_officer_chooses_among_reasons_that_fit_the_verdict() -> None:
    assert all(reason.step for reason in rules.choices("retry"))
    assert all(reason.kind is Kind.FINAL for reason in rules.choices("rejected"))
    assert rules.choices("verified") == []


def test_steps_are_asked_again_once_and_in_order() -> None:
    assert rules.steps_to_repeat(["face_mismatch", "details_differ", "selfie_unclear"]) == [Step.DETAILS, Step.SELFIE]


def test_five_tries_in_six_hours() -> None:
    tried = [NOW - timedelta(hours=hours) for hours in (7, 5, 4, 3, 2)]
    assert rules.tries_left(tried, NOW)[0] == 1
    left, again = rules.tries_left([*tried, NOW], NOW)
    assert (left, again) == (0, NOW + timedelta(hours=1))


def test_age_changes_on_the_birthday() -> None:
    born = date(2008, 2, 29)
    assert rules.age_on(date(2026, 2, 28), born) == 17
    assert rules.age_on(date(2026, 3, 1), born) == 18


def test_turning_keeps_distances() -> None:
    one, other = np.random.default_rng(1).normal(size=(2, 128))
    turned = rules.distance(rotation.turn(one), rotation.turn(other))
    assert turned == pytest.approx(rules.distance(one, other))
