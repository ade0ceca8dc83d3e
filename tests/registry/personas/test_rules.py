"""What a persona's description must be, and what makes it ready for review."""

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.personas import rules
from registry.personas.rules import ConsentEvidence, Details, Flag

CHOICES = {"platforms": ["demo-live"], "drive_modes": ["human", "computed", "hybrid"], "portrayed": ["self", "other", "nobody"]}
NOT_NEEDED = ConsentEvidence(needed=False, granted=False)


def problems(details: Details) -> set[str]:
    return set(rules.problems(rules.cleaned(details), **CHOICES))


def test_one_name_is_enough() -> None:
    assert problems(Details(name_zh="小林")) == set()
    assert problems(Details(name_en="Lin")) == set()
    assert problems(Details()) == {"name_zh"}


def test_a_name_of_invisible_characters_is_no_name() -> None:
    assert problems(Details(name_en="\u200b\u202e \u0000")) == {"name_zh"}


def test_a_name_is_composed_and_on_one_line() -> None:
    assert rules.one_line("  Zoe\u0308\n\tLin\u202e ") == "Zoë Lin"
    assert rules.one_line("👩\u200d🎤") == "👩\u200d🎤"


def test_a_description_keeps_its_paragraphs() -> None:
    assert rules.several_lines("One.\r\n\r\n\r\n\r\nTwo.\x07 ") == "One.\n\nTwo."


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert rules.one_line(rules.one_line(text)) == rules.one_line(text)
    assert rules.several_lines(rules.several_lines(text)) == rules.several_lines(text)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Details(name_en="x" * 81), "name_en"),
        (Details(name_zh="林" * 41), "name_zh"),
        (Details(name_en="Lin", description="x" * 2001), "description"),
        (Details(name_en="Lin", drive_mode="magic"), "drive_mode"),
        (Details(name_en="Lin", portrayed="everybody"), "portrayed"),
        (Details(name_en="Lin", platforms=("elsewhere",)), "platforms"),
        (Details(name_en="Lin", handles={"demo-live": "@lin"}), "handle_demo-live"),
        (Details(name_en="Lin", platforms=("demo-live",), handles={"demo-live": "x" * 81}), "handle_demo-live"),
    ],
)
def test_what_cannot_be_stored_is_named_by_its_field(details: Details, field: str) -> None:
    assert problems(details) == {field}


def test_everything_missing_is_said_at_once() -> None:
    absent = rules.missing(Details(), portraits=0, unchecked=0, operator=False, creator=False, evidence=NOT_NEEDED)
    assert set(absent) == {"name", "description", "drive_mode", "portrayed", "portraits", "operator"}


def test_whose_face_it_is_decides_what_else_is_needed() -> None:
    whole = Details(name_en="Lin", description="Sells tea.", drive_mode="human", portrayed="other")
    ready: dict[str, Any] = {"portraits": 2, "unchecked": 0, "operator": True, "creator": True}
    assert set(rules.missing(whole, **ready, evidence=ConsentEvidence(True, False))) == {"licence"}
    assert rules.missing(whole, **ready, evidence=ConsentEvidence(True, True, uuid.uuid4(), 0.2)) == {}
    own = Details(name_en="Lin", description="Sells tea.", drive_mode="human", portrayed="self")
    assert set(rules.missing(own, **(ready | {"creator": False}), evidence=NOT_NEEDED)) == {"identity"}
    assert set(rules.missing(own, **(ready | {"unchecked": 1}), evidence=NOT_NEEDED)) == {"unchecked"}


@pytest.mark.parametrize("portrayed", ["self", "other", "nobody"])
def test_naming_somebody_does_not_hide_another_verified_person(portrayed: str) -> None:
    flags = rules.flags_of_likeness(portrayed=portrayed, to_named=None, to_nearest=0.3, same_face=0.5)
    assert flags == [Flag.RESEMBLES_VERIFIED_PERSON]


def test_the_named_person_is_compared_and_every_face_with_everybody_else() -> None:
    far: dict[str, Any] = {"same_face": 0.5, "to_nearest": None}
    near: dict[str, Any] = {"same_face": 0.5, "to_named": None}
    assert rules.flags_of_likeness(portrayed="self", to_named=0.7, **far) == [Flag.NOT_NAMED_PERSON]
    assert rules.flags_of_likeness(portrayed="other", to_named=0.5, **far) == []
    assert rules.flags_of_likeness(portrayed="nobody", to_nearest=0.3, **near) == [Flag.RESEMBLES_VERIFIED_PERSON]
    assert rules.flags_of_likeness(portrayed="nobody", to_nearest=0.51, **near) == []


def test_an_operator_never_reads_that_somebody_is_known_here() -> None:
    assert rules.told_to_operator([Flag.RESEMBLES_VERIFIED_PERSON]) == []
    assert set(Flag) == set(rules.TO_OPERATOR) | rules.OFFICER_ONLY == set(rules.TO_OFFICER)
