"""What was read from a document against what was typed, field by field. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from verification.engines import document
from verification.engines.fields import Field, is_han
from verification.engines.reading import Reading
from verification.engines.slips import apart

CLEAR = 0.9  # confidence from which a different value counts as clearly read
LONG = 8  # characters from which one that differs may be a slip of the reader
_TWINS = str.maketrans("OQDILZSGB", "000112568")


class Match(StrEnum):
    """How a typed value and a read one compare."""

    SAME = "same"
    CLOSE = "close"  # one slip of the reader explains the difference
    DIFFERS = "differs"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field, as typed and as read, for the officer's eyes; `clear` where the reader was sure."""

    field: str
    typed: str
    read: str
    match: Match
    clear: bool = False


def compare(reading: Reading, *, name: str, number: str, birth_date: date) -> tuple[Comparison, ...]:
    """Returns the comparison of name, number and date of birth. Spelling, width, case and spaces make no difference."""
    return (_name(reading, name), _number(reading, number), _birth(reading, birth_date))


def codes(comparisons: Iterable[Comparison]) -> tuple[str, ...]:
    """Returns the reason code of the comparisons: a clear difference goes back to the applicant, a doubt to an officer."""
    found = list(comparisons)
    if any(each.match is Match.DIFFERS and each.clear for each in found):
        return ("details_differ",)
    return ("document_read_doubt",) if any(each.match is not Match.SAME for each in found) else ()


def _name(reading: Reading, typed: str) -> Comparison:
    """A document may show the name in two scripts: the one that was typed is compared."""
    written = [field for field in (reading.name, reading.latin_name) if field and is_han(field.value) == is_han(typed)]
    if not written:
        return Comparison("name", typed, reading.name.value if reading.name else "", Match.UNREAD)
    rated = [(_names(typed, field.value), field) for field in written]
    match, field = min(rated, key=lambda pair: list(Match).index(pair[0]))
    return Comparison("name", typed, field.value, match, field.confidence >= CLEAR)


def _names(typed: str, read: str) -> Match:
    if _words(typed) == _words(read) or _letters(typed) == _letters(read):
        return Match.SAME
    one, other = _letters(typed), _letters(read)
    if is_han(typed):  # a character of another form, or one the reader does not know
        return Match.CLOSE if len(one) == len(other) and apart(one, other) == 1 and len(one) > 1 else Match.DIFFERS
    slip = one.translate(_TWINS) == other.translate(_TWINS) or (len(one) >= LONG and apart(one, other) <= 1)
    return Match.CLOSE if slip else Match.DIFFERS


def _number(reading: Reading, typed: str) -> Comparison:
    """A read number that fails its own check digit is never a clear difference."""
    if reading.number is None:
        return Comparison("number", typed, "", Match.UNREAD)
    read, wanted = (document.read(reading.document_type, each, today=date.max) for each in (reading.number.value, typed))
    if read.value == wanted.value:
        match = Match.SAME
    elif read.value.translate(_TWINS) == wanted.value.translate(_TWINS) or apart(read.value, wanted.value) <= 1:
        match = Match.CLOSE
    else:
        match = Match.DIFFERS
    return Comparison("number", typed, reading.number.value, match, _clear(reading.number) and "document_number_bad" not in reading.codes)


def _birth(reading: Reading, typed: date) -> Comparison:
    if reading.birth_date is None:
        return Comparison("birth_date", typed.isoformat(), "", Match.UNREAD)
    match = Match.SAME if reading.birth_date.day == typed else Match.DIFFERS
    return Comparison("birth_date", typed.isoformat(), reading.birth_date.value, match, _clear(reading.birth_date))


def _clear(field: Field) -> bool:
    return field.confidence >= CLEAR


def _plain(text: str) -> str:
    """Compatibility forms (full width, ligatures) unified, accents dropped, upper case."""
    decomposed = unicodedata.normalize("NFKD", text).upper()
    return unicodedata.normalize("NFC", "".join(each for each in decomposed if not unicodedata.combining(each)))


def _words(name: str) -> list[str]:
    """Family and given names in any order."""
    return sorted(re.findall(r"\w+", _plain(name).replace("'", "")))


def _letters(name: str) -> str:
    return "".join(re.findall(r"\w", _plain(name)))
