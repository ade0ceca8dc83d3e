"""What a document's number says by itself. Pure: no register is asked."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]")
PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,9}")
OLDEST = 130  # years

PROBLEMS: dict[str, str | Promise] = {
    "number_missing": _("Enter the number of the document."),
    "number_length": _("An identity card number has 18 characters. Check that none is missing or doubled."),
    "number_characters": _("An identity card number has 17 digits and ends with a digit or X."),
    "number_check_digit": _("The last character does not fit the others. Compare the number with the card, digit by digit."),
    "number_birth_date": _("Digits 7 to 14 are the date of birth, and this is not a possible date. Compare them with the card."),
    "number_passport": _("A passport number has 5 to 9 letters and digits, without spaces. It stands at the top right of the data page."),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is kept, what is wrong with it (or nothing), and what it tells."""

    value: str
    problem: str = ""
    birth_date: date | None = None
    region_known: bool = True


def compact(typed: str) -> str:
    """Returns the number as it is kept: full-width characters narrowed, spaces and hyphens dropped, capital letters."""
    return re.sub(r"[\s\-‐-―・·.]", "", unicodedata.normalize("NFKC", typed)).upper()


def resident_id(typed: str, *, today: date) -> Number:
    """Returns what a resident identity number (GB 11643) tells. An unknown region is a warning, not a problem."""
    value = compact(typed)
    problem = _resident_id_problem(value, today)
    return Number(value, problem) if problem else Number(value, "", _birth_date(value, today), _region_known(value))


def passport(typed: str) -> Number:
    """Returns the number of a passport, with the problem of its form if it has one."""
    value = compact(typed)
    if not value:
        return Number(value, "number_missing")
    return Number(value, "" if PASSPORT.fullmatch(value) else "number_passport")


def read(document_type: str, typed: str, *, today: date) -> Number:
    """Returns what the number of a document of this type tells."""
    return resident_id(typed, today=today) if document_type == "resident_id" else passport(typed)


def plausible(birth: date, today: date) -> bool:
    """Returns whether somebody alive can have been born on that day."""
    return birth <= today and today.year - birth.year <= OLDEST


def _resident_id_problem(value: str, today: date) -> str:
    if not value:
        return "number_missing"
    if len(value) != 18:
        return "number_length"
    if not RESIDENT_ID.fullmatch(value):
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
