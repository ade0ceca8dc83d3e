"""Judging a fresh selfie, and the days of reminders, by table and by properties."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.reasons import REASONS
from verification.renewals.rules import RISKS, Facts, Remind, Way, ends_soon, judge, milestone, way
from verification.rules import DOUBT, adult_on, age_on, reverify_by

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ALIVE = Facts(faces=1, liveness="passed")
SAME = replace(ALIVE, distance=0.2)


@pytest.mark.parametrize(
    ("facts", "state", "codes"),
    [
        (SAME, "confirmed", ()),
        (Facts(), "retry", ("selfie_no_face",)),
        (replace(SAME, faces=2), "retry", ("selfie_several_faces",)),
        (replace(ALIVE, distance=0.9), "retry", ("face_mismatch",)),
        (ALIVE, "retry", ("face_mismatch",)),
        (replace(ALIVE, distance=0.9, rounds=2), "review", ("face_mismatch", "retried_often")),
        (replace(ALIVE, distance=0.55), "review", ("face_doubtful",)),
        (replace(ALIVE, distance=0.001), "review", ("selfie_seen_before",)),
        (replace(SAME, uploaded=True), "review", ("selfie_uploaded",)),
        (replace(SAME, uploaded=True, liveness=""), "review", ("liveness_missing", "selfie_uploaded")),
        (replace(SAME, liveness=""), "review", ("liveness_missing",)),
        (replace(SAME, liveness="failed", found=("liveness_still",)), "retry", ("liveness_still",)),
        (replace(SAME, liveness="failed", found=("liveness_still",), rounds=2), "review", ("liveness_still", "retried_often")),
        (replace(SAME, liveness="doubtful", found=("liveness_doubtful",)), "review", ("liveness_doubtful",)),
        (replace(SAME, found=("liveness_virtual_camera",)), "review", ("liveness_virtual_camera",)),
        (replace(SAME, faces=0, rounds=2), "retry", ("selfie_no_face",)),
        (replace(SAME, gave_up=True), "review", ("machine_gave_up",)),
    ],
)
def test_what_the_machine_makes_of_it(facts: Facts, state: str, codes: tuple[str, ...]) -> None:
    judgement = judge(facts)
    assert (judgement.state, judgement.reasons or judgement.risks) == (state, codes)
    assert set(codes) <= set(REASONS) | set(RISKS)


LIVENESS = sorted(code for code in REASONS if code.startswith("liveness_"))
found = st.lists(st.sampled_from(LIVENESS), max_size=2).map(tuple)
states = st.sampled_from(["", "passed", "doubtful", "failed"])
any_facts = st.builds(Facts, st.integers(0, 4), st.none() | st.floats(0, 2), st.booleans(), states, found, st.integers(0, 5), st.booleans())


@given(any_facts)
def test_only_one_living_face_that_is_near_enough_confirms_and_the_machine_never_refuses(facts: Facts) -> None:
    judgement = judge(facts)
    assert judgement.state in ("confirmed", "retry", "review")
    if judgement.state == "confirmed":
        assert facts.faces == 1
        assert facts.distance is not None
        assert facts.distance <= DOUBT
        assert not facts.uploaded
        assert facts.liveness
        assert facts.found == ()


@given(st.booleans(), st.booleans(), st.booleans())
def test_a_selfie_needs_consent_and_template_and_no_refusal(consents: bool, template: bool, refused: bool) -> None:
    assert (way(consents=consents, template=template, refused=refused) is Way.SELFIE) is (consents and template and not refused)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(31, None), (30, Remind.MONTH), (8, Remind.MONTH), (7, Remind.WEEK), (1, Remind.WEEK), (0, None), (-3, None)],
)
def test_who_is_reminded_when(days: int, expected: Remind | None) -> None:
    assert milestone(NOW + timedelta(days=days), NOW) is expected


@pytest.mark.parametrize(("days", "soon"), [(61, False), (60, True), (1, True), (0, False)])
def test_an_end_is_near_in_its_last_sixty_days(days: int, soon: bool) -> None:
    assert ends_soon(NOW + timedelta(days=days), NOW) is soon


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)))
def test_the_day_of_majority_is_the_first_at_eighteen(birth: date) -> None:
    day = adult_on(birth)
    assert age_on(day, birth) == 18
    assert age_on(day - timedelta(days=1), birth) == 17


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_six_months_are_never_more_than_those_of_the_calendar(day: date) -> None:
    year, month = (day.year + 1, day.month - 6) if day.month > 6 else (day.year, day.month + 6)
    last = date(year, month, min(day.day, monthrange(year, month)[1]))
    assert reverify_by(datetime.combine(day, time.min, UTC)).date() <= last
