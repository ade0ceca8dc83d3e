"""Dates as documents print them."""

import re
from datetime import date

_ENGLISH = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NUMERIC = re.compile(r"(\d{4})\s*[年.\-/,。·]\s*(\d{1,2})\s*[月.\-/,。·]\s*(\d{1,2})")
_PLAIN = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_WORDED = re.compile(rf"(\d{{1,2}})\s*(?:(?:\d{{1,2}}|[A-Z]*)\s*月?\s*/?\s*)?({'|'.join(_ENGLISH)})[A-Z]*\.?\s*(?:/\s*[A-Z]*)?\s*(\d{{4}})")
_LONG = "长期"
LONG_TERM = date.max  # a card that never expires

_DAY = r"\d{4}\s*[年.\-/,。·]?\s*\d{1,2}\s*[月.\-/,。·]?\s*\d{1,2}\s*日?"
_PERIOD = re.compile(rf"({_DAY})\s*[-–—一至到~]+\s*({_DAY}|{_LONG})")


def day(text: str) -> date | None:
    """Returns the first date in the text: 1990年1月1日, 1990.01.01, 19900101, 01 JAN 1990 or 01 1月/JAN 1990; 长期 is the last."""
    upper = text.upper()
    if _LONG in upper:
        return LONG_TERM
    if found := _NUMERIC.search(upper) or _PLAIN.search(upper):
        year, month, day_of_month = (int(part) for part in found.groups())
    elif found := _WORDED.search(upper):
        year, month, day_of_month = int(found[3]), _ENGLISH.index(found[2]) + 1, int(found[1])
    else:
        return None
    return _date(year, month, day_of_month)


def period(text: str) -> tuple[date, date] | None:
    """Returns the first and the last day of a period such as 2015.01.01-2035.01.01 or 2015.01.01-长期."""
    found = _PERIOD.search(text)
    if found is None:
        return None
    first, last = day(found[1]), day(found[2])
    return (first, last) if first and last and first < last else None


def _date(year: int, month: int, day_of_month: int) -> date | None:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None
