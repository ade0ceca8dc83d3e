"""What a document's number says by itself. Pure: no register is asked.

Numbers: resident identity cards GB 11643-1999; permits of Hong Kong and Macao residents as the Ministry of Public Security
published them on 2010-03-10; permits of Taiwan residents since 2008-09-25; permanent residents' cards as the National
Immigration Administration described them for 2023-12-01.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,9}")
HK_MACAO = re.compile(r"([HM][0-9]{8})([0-9]{2})?")
TAIWAN = re.compile(r"([0-9]{8})([0-9]{2}(\([A-Z0-9]\))?)?")
FOREIGN_BEFORE_2023 = re.compile(r"[A-Z]{3}[0-9]{12}")
RESIDENCE_REGIONS = ("81", "82", "83")  # Hong Kong, Macao, Taiwan
FOREIGN_REGION = "9"
OLDEST = 130  # years

PROBLEMS: dict[str, str | Promise] = {
    "number_missing": _("Enter the number of the document."),
    "number_length": _("An identity card number has 18 characters. Check that none is missing or doubled."),
    "number_characters": _("An identity card number has 17 digits and ends with a digit or X."),
    "number_check_digit": _("The last character does not fit the others. Compare the number with the card, digit by digit."),
    "number_birth_date": _("Digits 7 to 14 are the date of birth, and this is not a possible date. Compare them with the card."),
    "number_passport": _("A passport number has 5 to 9 letters and digits, without spaces. It stands at the top right of the data page."),
    "number_hk_macao": _("The number of this permit is H or M and 8 digits. It stands on the front of the card."),
    "number_taiwan": _("The number of this permit has 8 digits. It stands on the front of the card."),
    "number_residence": _("The number of a residence permit begins with 81, 82 or 83. Check it, or choose another document."),
    "number_foreign": _("The number of this card is 9 and 17 more characters, or on older cards 3 letters and 12 digits."),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is kept, what is wrong with it (or nothing), and what it tells; `sex` is "M", "F" or not told."""

    value: str
    problem: str = ""
    birth_date: date | None = None
    region_known: bool = True
    sex: str = ""


def compact(typed: str) -> str:
    """Returns the number as it is kept: full-width characters narrowed, spaces and hyphens dropped, capital letters."""
    return re.sub(r"[\s\-‐-―・·.]", "", unicodedata.normalize("NFKC", typed)).upper()


def read(document_type: str, typed: str, *, today: date) -> Number:
    """Returns what the number of a document of this type tells; an unknown type is read like a passport."""
    value = compact(typed)
    return _READERS.get(document_type, _passport)(value, today) if value else Number(value, "number_missing")


def resident_id(typed: str, *, today: date) -> Number:
    """Returns what a resident identity number (GB 11643) tells. An unknown region is a warning, not a problem."""
    return read("resident_id", typed, today=today)


def passport(typed: str) -> Number:
    """Returns the number of a passport, with the problem of its form if it has one."""
    return read("passport", typed, today=date.max)


def plausible(birth: date, today: date) -> bool:
    """Returns whether somebody alive can have been born on that day."""
    return birth <= today and today.year - birth.year <= OLDEST


def _resident(value: str, today: date) -> Number:
    if problem := _eighteen_problem(value, today):
        return Number(value, problem)
    return Number(value, "", _birth_date(value, today), _region_known(value), _sex(value))


def _passport(value: str, today: date) -> Number:
    return Number(value, "" if PASSPORT.fullmatch(value) else "number_passport")


def _hk_macao(value: str, today: date) -> Number:
    """The count of renewals after the holder's lifelong number is left out, so that a renewed card is the same person's."""
    found = HK_MACAO.fullmatch(value)
    return Number(found[1]) if found else Number(value, "number_hk_macao")


def _taiwan(value: str, today: date) -> Number:
    """The count of renewals and the issuing office after the lifelong number stood on permits before 2008-09-25."""
    found = TAIWAN.fullmatch(value)
    return Number(found[1]) if found else Number(value, "number_taiwan")


def _residence(value: str, today: date) -> Number:
    if problem := _eighteen_problem(value, today):
        return Number(value, problem)
    if not value.startswith(RESIDENCE_REGIONS):
        return Number(value, "number_residence")
    return Number(value, "", _birth_date(value, today), True, _sex(value))


def _foreign(value: str, today: date) -> Number:
    """The older form holds a date of birth too, but with two digits of the year and by a rule that was never published."""
    if FOREIGN_BEFORE_2023.fullmatch(value):
        return Number(value)
    if not value.startswith(FOREIGN_REGION):
        return Number(value, "number_foreign")
    problem = _eighteen_problem(value, today)
    return Number(value, problem) if problem else Number(value, "", _birth_date(value, today))


def _eighteen_problem(value: str, today: date) -> str:
    if len(value) != 18:
        return "number_length"
    if not EIGHTEEN.fullmatch(value):
        return "number_characters"
    if value[-1] != ric.calc_check_digit(value):
        return "number_check_digit"
    return "" if _birth_date(value, today) else "number_birth_date"


def _birth_date(value: str, today: date) -> date | None:
    try:
        birth: date = ric.get_birth_date(value)
    except ValidationError:
        return None
    return birth if plausible(birth, today) else None


def _region_known(value: str) -> bool:
    try:
        ric.get_birth_place(value)
    except ValidationError:
        return False
    return True


def _sex(value: str) -> str:
    return "M" if int(value[16]) % 2 else "F"


_READERS: dict[str, Callable[[str, date], Number]] = {
    "resident_id": _resident,
    "passport": _passport,
    "hk_macao_permit": _hk_macao,
    "taiwan_permit": _taiwan,
    "residence_permit": _residence,
    "foreign_resident": _foreign,
}
