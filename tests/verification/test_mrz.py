"""Machine-readable zones: ICAO's own specimens, misread characters, and substitutions that the check digits find."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.faces import mrz as printed
from verification.engines import mrz

TODAY = date(2026, 3, 2)
# the specimens of Doc 9303 parts 4, 5 and 6
TD3 = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
TD1 = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
TD2 = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
CHECKED = [*range(9), 9, *range(13, 20), *range(21, 44)]  # of a passport's second line


def value(character: str) -> int:
    """Returns what a character counts for."""
    return 0 if character == "<" else int(character, 36)


@pytest.mark.parametrize(("lines", "form", "number"), [(TD3, "TD3", "L898902C3"), (TD1, "TD1", "D23145890"), (TD2, "TD2", "D23145890")])
def test_icao_s_specimens_are_read(lines: list[str], form: str, number: str) -> None:
    zone = mrz.find(lines)
    assert zone is not None
    assert (zone.form, zone.number, zone.sex, zone.state, zone.failed) == (form, number, "F", "UTO", ())
    assert zone.names.startswith("ERIKSSON<<ANNA<MARIA<")
    assert (zone.birth_date(TODAY), zone.expiry_date) == (date(1974, 8, 12), date(2012, 4, 15))


def test_the_check_digit_of_the_standard_s_example() -> None:
    assert mrz.check_digit("AB2134<<<") == "5"
    assert mrz.check_digit("520727") == "3"


@pytest.mark.parametrize(
    "lines",
    [
        ["P<UT0ERIKSS0N<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UT07408122F1204159ZE184226B<<<<<10"],
        ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<KK<<<<<<<<<<", "L898902C36UTO74O8122F12O4I59ZE184226B<<<<<1O"],
        ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<10"],
        ["P«UTOERIKSSON««ANNA«MARIA«««««««««««««««««««", "L898902C36 UTO7408122F1204159ZE184226B<<<<<10"],
    ],
)
def test_what_can_only_be_a_misreading_is_repaired(lines: list[str]) -> None:
    zone = mrz.find(["PASSPORT", *lines])
    assert zone is not None
    assert (zone.number, zone.birth, zone.expiry, zone.nationality, zone.failed) == ("L898902C3", "740812", "120415", "UTO", ())


def test_a_number_may_have_letters_and_digits_and_is_never_repaired() -> None:
    first, second = printed.lines(holder="OLGA OSBORN", number="O0I1S5B8Z", born=date(1990, 1, 1), expires=date(2030, 1, 1))
    right, misread = mrz.find([first, second]), mrz.find([first, "0" + second[1:]])
    assert right is not None
    assert misread is not None
    assert (right.number, right.failed) == ("O0I1S5B8Z", ())
    assert (misread.number, misread.failed) == ("00I1S5B8Z", ("number", "total"))


def test_a_permit_s_line_is_read() -> None:
    lines = printed.permit_lines(code="CR", holder="CHAN, TAI MAN", number="H12345678", born=date(1985, 7, 9), expires=date(2035, 12, 31))
    zone = mrz.find(lines)
    assert zone is not None
    assert (zone.form, zone.code, zone.number, zone.failed) == ("CN", "CR", "H12345678", ())
    assert (zone.birth_date(TODAY), zone.expiry_date) == (date(1985, 7, 9), date(2035, 12, 31))


def test_other_text_is_no_zone() -> None:
    assert mrz.find([]) is None
    assert mrz.find(["姓名", "林爱丽", "PASSPORT", "2015.01.01-2035.01.01", "11010519920315002X"]) is None
    assert mrz.find(TD3[:1]) is None


def test_a_birth_date_is_never_in_the_future_and_an_impossible_one_none() -> None:
    first, second = printed.lines(holder="A B", number="X1", born=date(2030, 1, 1), expires=date(2035, 1, 1))
    zone = mrz.find([first, second])
    assert zone is not None
    assert zone.birth_date(TODAY) == date(1930, 1, 1)
    assert mrz.Zone("TD3", "P", "X1", "901332", "901332").birth_date(TODAY) is None


@given(st.sampled_from(CHECKED), st.sampled_from(ALPHABET))
def test_every_substitution_in_a_checked_field_is_found_or_repaired_unless_congruent(place: int, wrong: str) -> None:
    right = TD3[1]
    zone = mrz.find([TD3[0], right[:place] + wrong + right[place + 1 :]])
    assert zone is not None
    same = (zone.number, zone.birth, zone.expiry) == ("L898902C3", "740812", "120415") and not zone.failed
    congruent = (value(wrong) - value(right[place])) % 10 == 0
    assert same or congruent or zone.failed


@given(st.dates(date(1927, 1, 1), TODAY), st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.from_regex(r"[A-Z0-9]{5,9}", fullmatch=True))
def test_what_is_printed_is_read(born: date, expires: date, number: str) -> None:
    zone = mrz.find(printed.lines(holder="ANNA MARIA ERIKSSON", number=number, born=born, expires=expires, sex="F"))
    assert zone is not None
    assert (zone.number, zone.birth_date(TODAY), zone.expiry_date, zone.failed) == (number, born, expires, ())


@given(st.lists(st.text(alphabet=ALPHABET, min_size=28, max_size=46), max_size=4))
def test_nothing_read_breaks_it(lines: list[str]) -> None:
    zone = mrz.find(lines)
    assert zone is None or isinstance(zone.failed, tuple)
