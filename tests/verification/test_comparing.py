"""What was typed against what was read."""

from datetime import date

import pytest

from tests.verification.sheets import back, card, page, passport_zone, permit, sheet
from verification.engines.comparing import Match, codes, compare
from verification.engines.lines import Line
from verification.engines.reading import Reading, read_document
from verification.reasons import REASONS, Kind

TODAY = date(2026, 3, 2)
BORN = date(1991, 1, 1)
NUMBER = "360426199101010071"


def reading(front: list[Line], kind: str = "resident_id") -> Reading:
    """Returns what is read of a document."""
    return read_document(kind, front, back() if kind == "resident_id" else None, today=TODAY)


def matches(told: Reading, name: str = "林爱丽", number: str = NUMBER, born: date = BORN) -> tuple[list[str], tuple[str, ...]]:
    """Returns how the fields match, and the code that follows."""
    compared = compare(told, name=name, number=number, birth_date=born)
    assert [each.field for each in compared] == ["name", "number", "birth_date"]
    return [each.match for each in compared], codes(compared)


def test_the_same_is_the_same() -> None:
    assert matches(reading(card())) == (["same", "same", "same"], ())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Nora Specimen", "NORASPECIMEN"),
        ("SPECIMEN NORA", "NORA SPECIMEN"),
        ("José Muñoz", "JOSE MUNOZ"),
        ("Ｎora  Specimen", "nora specimen"),
    ],
)
def test_case_width_accents_spaces_and_order_make_no_difference(typed: str, read: str) -> None:
    assert matches(reading(card(name=read)), name=typed) == (["same", "same", "same"], ())


@pytest.mark.parametrize(
    ("typed", "read"),
    [("NORA SPECIMEN", "NORA SPECLMEN"), ("NORA SPECIMEN", "NORA SPECIMENS"), ("林爱丽", "林愛丽"), ("王小明", "王小朋")],
)
def test_one_slip_of_the_reader_is_for_an_officer(typed: str, read: str) -> None:
    found, code = matches(reading(card(name=read)), name=typed)
    assert (found[0], code) == (Match.CLOSE, ("document_read_doubt",))


def test_a_digit_in_a_name_is_a_letter_misread() -> None:
    assert matches(reading(card(name="N0RA SPEC1MEN")), name="NORA SPECIMEN") == (["same", "same", "same"], ())


@pytest.mark.parametrize(
    ("typed", "place"),
    [({"name": "陈样本"}, 0), ({"name": "林"}, 0), ({"number": "11010519491231002X"}, 1), ({"born": date(1991, 1, 2)}, 2)],
)
def test_another_value_goes_back_to_the_applicant(typed: dict[str, object], place: int) -> None:
    found, code = matches(reading(card()), **typed)  # type: ignore[arg-type]
    assert found[place] is Match.DIFFERS
    assert code == ("details_differ",)
    assert REASONS["details_differ"].kind is Kind.RETRY


def test_what_was_not_read_surely_is_for_an_officer() -> None:
    found, code = matches(reading(card(confidence=0.85)), name="陈样本")
    assert (found[0], code) == (Match.DIFFERS, ("document_read_doubt",))
    assert REASONS["document_read_doubt"].kind is Kind.REVIEW


def test_a_number_misread_by_one_digit_is_never_held_against_the_applicant() -> None:
    found, code = matches(reading(card(number="360426199101010072")))
    assert (found[1], code) == (Match.CLOSE, ("document_read_doubt",))


def test_a_printed_number_that_fails_its_check_is_no_clear_difference() -> None:
    found, code = matches(reading(card(number="360426199101019999")))
    assert (found[1], code) == (Match.DIFFERS, ("document_read_doubt",))


def test_either_script_of_a_name_may_be_typed() -> None:
    told = reading(page(zone=passport_zone()), "passport")
    for name in ("陈样本", "YANGBEN CHEN", "Chen Yangben"):
        assert matches(told, name=name, number="E81230964", born=date(1990, 5, 4)) == (["same", "same", "same"], ())


def test_a_name_in_a_script_that_was_not_read_is_for_an_officer() -> None:
    found, code = matches(reading(card()), name="LIN AILI")
    assert (found[0], code) == (Match.UNREAD, ("document_read_doubt",))


def test_the_count_of_renewals_makes_no_difference() -> None:
    told = reading(permit(number="H1234567802"), "hk_macao_permit")
    assert matches(told, name="陳大文", number="H12345678", born=date(1985, 7, 9))[0][1] is Match.SAME


def test_a_page_without_fields_leaves_everything_unread() -> None:
    assert matches(reading(sheet(("abcdefghijklmnop", 0, 0)))) == (["unread", "unread", "unread"], ("document_read_doubt",))
