"""Numbers, checked as they are typed."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from verification.engines import document
from verification.models import DocumentType

TODAY = date(2026, 3, 2)


def numbered(body: str) -> str:
    """Returns 17 digits with their check character."""
    return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("360426199101010071", ""),
        ("11010519491231002X", ""),
        ("11010519491231002x", ""),
        ("１１０１０５１９４９１２３１００２Ｘ", ""),
        (" 360426 19910101-0071 ", ""),
        ("", "number_missing"),
        ("   ", "number_missing"),
        ("36042619910101007", "number_length"),
        ("3604261991010100711", "number_length"),
        ("36042619910101O071", "number_characters"),
        ("X60426199101010071", "number_characters"),
        ("٣60426199101010071", "number_characters"),
        ("360426199101010072", "number_check_digit"),
        ("11204416541220243X", "number_check_digit"),
        (numbered("36042619910230007"), "number_birth_date"),
        (numbered("36042619910001007"), "number_birth_date"),
        (numbered("36042620990101007"), "number_birth_date"),
        (numbered("36042618010101007"), "number_birth_date"),
    ],
)
def test_a_resident_number_is_checked(typed: str, problem: str) -> None:
    read = document.resident_id(typed, today=TODAY)
    assert read.problem == problem
    assert (read.birth_date is None) == bool(problem)
    assert not problem or str(document.PROBLEMS[problem])


def test_an_unknown_region_is_only_a_warning() -> None:
    read = document.resident_id(numbered("83000019910101007"), today=TODAY)
    assert (read.problem, read.region_known, read.birth_date) == ("", False, date(1991, 1, 1))


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("E12345678", ""),
        ("ea 1234567", ""),
        ("", "number_missing"),
        ("ABCDEFGH", "number_passport"),
        ("E1", "number_passport"),
        ("E1234567890", "number_passport"),
        ("E123<4567", "number_passport"),
    ],
)
def test_a_passport_number_has_a_form(typed: str, problem: str) -> None:
    assert document.passport(typed).problem == problem


@pytest.mark.parametrize(
    ("kind", "typed", "value", "problem"),
    [
        ("hk_macao_permit", "H12345678", "H12345678", ""),
        ("hk_macao_permit", "m 12345678 02", "M12345678", ""),
        ("hk_macao_permit", "C12345678", "C12345678", "number_hk_macao"),
        ("hk_macao_permit", "H1234567", "H1234567", "number_hk_macao"),
        ("taiwan_permit", "01234567", "01234567", ""),
        ("taiwan_permit", "0123456701", "01234567", ""),
        ("taiwan_permit", "0123456701（B）", "01234567", ""),
        ("taiwan_permit", "L12345678901", "L12345678901", "number_taiwan"),
        ("residence_permit", "830000199201300022", "830000199201300022", ""),
        ("residence_permit", "830000199201300023", "830000199201300023", "number_check_digit"),
        ("residence_permit", "360426199101010071", "360426199101010071", "number_residence"),
        ("foreign_resident", "911124198108030024", "911124198108030024", ""),
        ("foreign_resident", "911124198108030025", "911124198108030025", "number_check_digit"),
        ("foreign_resident", "can110081080310", "CAN110081080310", ""),
        ("foreign_resident", "CA1100810803101", "CA1100810803101", "number_foreign"),
        ("foreign_resident", "360426199101010071", "360426199101010071", "number_foreign"),
        ("foreign_resident", "", "", "number_missing"),
    ],
)
def test_each_permit_has_a_form(kind: str, typed: str, value: str, problem: str) -> None:
    read = document.read(kind, typed, today=TODAY)
    assert (read.value, read.problem) == (value, problem)


def test_a_renewed_permit_has_the_same_number() -> None:
    first, second = (document.read("hk_macao_permit", typed, today=TODAY) for typed in ("H1234567800", "H1234567801"))
    assert first.value == second.value


def test_what_an_eighteen_character_number_tells() -> None:
    permit = document.read("residence_permit", "830000199201300022", today=TODAY)
    assert (permit.birth_date, permit.sex, permit.region_known) == (date(1992, 1, 30), "F", True)
    foreigner = document.read("foreign_resident", "911124198108030024", today=TODAY)
    assert (foreigner.birth_date, foreigner.region_known) == (date(1981, 8, 3), True)
    assert document.read("foreign_resident", "CAN110081080310", today=TODAY).birth_date is None


@given(st.sampled_from([("residence_permit", "830000199201300022"), ("foreign_resident", "911124198108030024")]), st.data())
def test_one_wrong_digit_of_a_card_is_noticed(card: tuple[str, str], data: st.DataObject) -> None:
    kind, right = card
    place, wrong = data.draw(st.integers(0, 17)), data.draw(st.sampled_from("0123456789X"))
    typed = right[:place] + wrong + right[place + 1 :]
    assert bool(document.read(kind, typed, today=TODAY).problem) == (typed != right)


@given(st.dates(date(1930, 1, 1), date(2026, 3, 1)), st.integers(0, 999), st.sampled_from(["110105", "360426", "830000", "999999"]))
def test_a_number_with_its_check_character_is_accepted(born: date, order: int, region: str) -> None:
    read = document.resident_id(numbered(f"{region}{born:%Y%m%d}{order:03}"), today=TODAY)
    assert (read.problem, read.birth_date) == ("", born)


@given(st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_noticed(place: int, wrong: str) -> None:
    right = "360426199101010071"
    typed = right[:place] + wrong + right[place + 1 :]
    assert bool(document.resident_id(typed, today=TODAY).problem) == (typed != right)


@given(st.text(max_size=40))
def test_nothing_typed_breaks_the_check(typed: str) -> None:
    for kind in (*DocumentType.values, "other"):
        read = document.read(kind, typed, today=TODAY)
        json.dumps(read.value)
        assert read.problem == "" or read.problem in document.PROBLEMS
