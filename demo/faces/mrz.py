"""Machine-readable zones: a passport's two lines of 44 characters (ICAO Doc 9303 part 4), a permit's three lines of 30."""

import re
import unicodedata
from datetime import date

_LINE = 44
_WEIGHTS = (7, 3, 1)


def lines(*, holder: str, number: str, born: date, expires: date, state: str = "UTO", sex: str = "") -> tuple[str, str]:
    """Return both lines; `number` has at most nine letters and digits, or ValueError is raised."""
    if not re.fullmatch(r"[A-Z0-9]{1,9}", number):
        raise ValueError(f"not a passport number: {number!r}")
    document = _checked(number.ljust(9, "<"))
    birth, expiry = _checked(f"{born:%y%m%d}"), _checked(f"{expires:%y%m%d}")
    personal = _checked("<" * 14)
    whole = check_digit(document + birth + expiry + personal)
    first = f"P<{state}{_name(holder)}"
    return first[:_LINE].ljust(_LINE, "<"), f"{document}{state}{birth}{sex or '<'}{expiry}{personal}{whole}"


def permit_lines(*, code: str, holder: str, number: str, born: date, expires: date, sex: str = "") -> tuple[str, str, str]:
    """Return the lines on the back of a travel permit: number, end and birth in the first, the name in the second."""
    document, expiry, birth = _checked(number.ljust(9, "<")), _checked(f"{expires:%y%m%d}"), _checked(f"{born:%y%m%d}")
    first = f"{code}{document}<{expiry}<{birth}<{check_digit(document + expiry + birth)}"
    return first, _name(holder)[:30].ljust(30, "<"), f"{sex}<UTO".ljust(30, "<")


def check_digit(text: str) -> str:
    """Return the check digit of digits, letters and fillers."""
    return str(sum(_value(character) * _WEIGHTS[place % 3] for place, character in enumerate(text)) % 10)


def _value(character: str) -> int:
    return 0 if character == "<" else int(character, 36)


def _checked(field: str) -> str:
    return field + check_digit(field)


def _name(holder: str) -> str:
    """Return surname (what stands before a comma, else the last word) and given names in the zone's alphabet; SPECIMEN
    where nothing can be written in it.
    """
    plain = unicodedata.normalize("NFKD", _surname_last(holder).replace("'", "")).encode("ascii", "ignore").decode().upper()
    words = re.findall(r"[A-Z]+", plain) or ["SPECIMEN"]
    return "<<".join(filter(None, (words[-1], "<".join(words[:-1]))))


def _surname_last(holder: str) -> str:
    return " ".join(reversed(holder.split(",", 1)))
