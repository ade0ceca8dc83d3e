"""Terms are only ever narrowed, and a blank is not granted."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.consent import rules
from registry.consent.rules import Likeness, Terms
from registry.consent.territories import TERRITORIES, WORLD

MEDIA, PURPOSES, PLATFORMS = ("live", "upload"), ("commerce", "news", "education"), ("a", "b", "c")
DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))
TERMS = st.builds(
    Terms,
    media=st.lists(st.sampled_from(MEDIA)).map(tuple),
    purposes=st.lists(st.sampled_from(PURPOSES)).map(tuple),
    platforms=st.lists(st.sampled_from(PLATFORMS)).map(tuple),
    territories=st.lists(st.sampled_from(sorted(TERRITORIES))).map(tuple),
    starts_on=st.none() | DAYS,
    ends_on=st.none() | DAYS,
    voice=st.booleans(),
    computed_driving=st.booleans(),
    notice_days=st.integers(0, 365),
).map(Terms.ordered)
FIRST, LAST = date.min, date.max


def uses(terms: Terms) -> set[tuple[str, str, str, str]]:
    """Returns everything the terms allow, case by case."""
    territories = [code for code in TERRITORIES if code != WORLD and rules.covers_territory(terms.territories, code)]
    return {(m, p, f, t) for m in terms.media for p in terms.purposes for f in terms.platforms for t in territories}


@given(TERMS, TERMS)
def test_what_passes_as_narrower_allows_nothing_that_was_not_proposed(proposed: Terms, asked: Terms) -> None:
    if rules.narrowed(proposed, asked):
        return
    assert uses(asked) <= uses(proposed)
    assert (asked.starts_on or FIRST) >= (proposed.starts_on or FIRST)
    assert (asked.ends_on or LAST) <= (proposed.ends_on or LAST)
    assert asked.voice <= proposed.voice
    assert asked.computed_driving <= proposed.computed_driving
    assert asked.notice_days <= proposed.notice_days


@given(TERMS, st.data())
def test_leaving_anything_out_is_always_allowed(proposed: Terms, data: st.DataObject) -> None:
    lists: dict[str, Any] = {
        name: tuple(data.draw(st.sets(st.sampled_from(full))) if (full := getattr(proposed, name)) else ()) for name in rules.LISTS
    }
    less = replace(proposed, **lists, voice=False, computed_driving=False, notice_days=0).ordered()
    assert rules.narrowed(proposed, less) == {}
    assert rules.narrowed(proposed, proposed) == {}


@given(TERMS)
def test_terms_survive_the_json_column(terms: Terms) -> None:
    assert rules.from_json(rules.as_json(terms)) == terms


def test_a_blank_is_not_granted() -> None:
    blank = rules.from_json({})
    assert uses(blank) == set()
    assert (blank.voice, blank.computed_driving) == (False, False)
    found = rules.problems(blank, today=date(2026, 3, 2), media=MEDIA, purposes=PURPOSES, platforms=PLATFORMS)
    assert set(found) == set(rules.LISTS)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"media": ("live", "upload")}, "media"),
        ({"territories": (WORLD,)}, "territories"),
        ({"territories": ("CN", "JP")}, "territories"),
        ({"starts_on": None}, "starts_on"),
        ({"starts_on": date(2026, 2, 1)}, "starts_on"),
        ({"ends_on": None}, "ends_on"),
        ({"ends_on": date(2027, 1, 1)}, "ends_on"),
        ({"voice": True}, "voice"),
        ({"notice_days": 8}, "notice_days"),
    ],
)
def test_each_widening_is_named_by_its_field(change: dict[str, object], field: str) -> None:
    proposed = Terms(("live",), ("news",), ("a",), ("CN",), date(2026, 3, 1), date(2026, 12, 31), notice_days=7)
    assert set(rules.narrowed(proposed, replace(proposed, **change))) == {field}  # type: ignore[arg-type]


def test_the_world_can_be_narrowed_to_a_country() -> None:
    assert rules.narrowed(Terms(territories=(WORLD,)), Terms(territories=("CN",))) == {}


def test_a_grant_does_not_reach_back() -> None:
    today = date(2026, 3, 2)
    assert rules.starting(Terms(), today).starts_on == today
    assert rules.starting(Terms(starts_on=date(2026, 1, 1)), today).starts_on == today
    assert rules.starting(Terms(starts_on=date(2026, 4, 1)), today).starts_on == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("likeness", "reasons"),
    [
        (Likeness(True, True, 0, 2, 0.3), []),
        (Likeness(True, True, 0, 2, 0.6), []),
        (Likeness(True, True, 0, 2, None), []),
        (Likeness(False, False, 0, 2, None), ["identity_missing"]),
        (Likeness(True, False, 0, 2, 0.3), ["under_age"]),
        (Likeness(True, True, 1, 1, 0.3), ["portraits_unchecked"]),
        (Likeness(True, True, 0, 0, None), ["no_face_in_portraits"]),
        (Likeness(True, True, 0, 2, 0.61), ["face_mismatch"]),
    ],
)
def test_only_the_verified_person_in_the_pictures_may_answer(likeness: Likeness, reasons: list[str]) -> None:
    assert rules.refusals(likeness, same_person=0.6) == reasons
    assert set(reasons) <= set(rules.REFUSALS)
