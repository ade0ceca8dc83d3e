"""The holder's data among the lines of a document's side. Pure: lines in, values out."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from verification.engines import dates, document, labels
from verification.engines.lines import Line, below

_HAN = re.compile(r"[㐀-鿿豈-﫿𠀀-𲎯]")
_NAME_HAN = re.compile(r"[㐀-鿿豈-﫿𠀀-𲎯·•.]{2,}")
_NAME_LATIN = re.compile(r"[A-Z][A-Z0158' .,\-]+", re.IGNORECASE)
_TO_LETTER = str.maketrans("0158", "OISB")
_TO_DIGIT = str.maketrans("OoQDIl|ZSB", "0000111258")
_EIGHTEEN = re.compile(r"(?<![0-9A-Z])[0-9OoQDIl|ZSB]{17}[0-9Xx](?![0-9A-Z])")
_FORMS: dict[str, re.Pattern[str]] = {
    "resident_id": _EIGHTEEN,
    "residence_permit": _EIGHTEEN,
    "foreign_resident": re.compile(rf"{_EIGHTEEN.pattern}|[A-Z]{{3}}[0-9OIl]{{12}}"),
    "hk_macao_permit": re.compile(r"(?<![A-Z])[HM][0-9OIl]{8}(?:[0-9]{2})?(?![0-9])"),
    "taiwan_permit": re.compile(r"(?<![0-9A-Z.])[0-9]{8}(?:[0-9]{2}(?:\([A-Z0-9]\))?)?(?![0-9.])"),
    "passport": re.compile(r"(?<![A-Z0-9<])(?=[A-Z0-9]*[0-9])[A-Z0-9]{5,9}(?![A-Z0-9<])"),
}
_LETTERS_BEFORE = {"hk_macao_permit": 1, "foreign_resident": 3}
_SEXES = {"男": "M", "女": "F", "M": "M", "F": "F"}


class Source(StrEnum):
    """Where a value was read."""

    FRONT = "front"
    BACK = "back"
    MRZ = "mrz"


@dataclass(frozen=True, slots=True)
class Field:
    """A value as it was read (dates in ISO 8601, a sex as M or F), how surely (0 to 1), and where."""

    value: str
    confidence: float
    source: Source = Source.FRONT

    @property
    def day(self) -> date:
        """The value of a date field."""
        return date.fromisoformat(self.value)


def names(lines: list[Line]) -> tuple[Field | None, Field | None]:
    """Returns the name in Chinese characters and the name in Latin letters, which may stand in one line or in two."""
    first = labels.value("name", lines, lambda text: bool(_NAME_HAN.search(text) or _NAME_LATIN.search(text)))
    if first is None:
        return None, None
    under = [each for each in below(first, lines, within=2.2) if not labels.is_label(each) and not re.search(r"\d", each.text)]
    parts = [first, *under[:1]]
    return _first(parts, _NAME_HAN), _first(parts, _NAME_LATIN)


def number(document_type: str, lines: list[Line]) -> Field | None:
    """Returns the document's number: what stands at its label, else what alone has its form."""
    form = _FORMS[document_type]
    near = labels.value("number", lines, lambda text: bool(form.search(_plain(text))))
    found = near or (None if document_type in ("passport", "taiwan_permit") else _only(lines, form))
    if found is None:
        return None
    text = form.search(_plain(found.text))
    return Field(_repaired(document_type, text[0]), found.confidence) if text else None


def birth(lines: list[Line]) -> Field | None:
    """Returns the date of birth."""
    return _day("birth", lines)


def sex(lines: list[Line]) -> Field | None:
    """Returns the sex, M or F."""
    found = labels.value("sex", lines, lambda text: bool(re.match(r"[男女]|[MF]\b", text.strip())))
    return Field(_SEXES[found.text.strip()[0]], found.confidence) if found else None


def validity(lines: list[Line]) -> tuple[Field | None, Field | None]:
    """Returns the day of issue and the last day of validity; a card for life ends on the last day there is."""
    for line in lines:
        if span := dates.period(line.text):
            return Field(span[0].isoformat(), line.confidence), Field(span[1].isoformat(), line.confidence)
    return _day("issued", lines), _day("expiry", lines)


def text_of(name: str, lines: list[Line], fits: Callable[[str], bool] = bool) -> Field | None:
    """Returns the text at a label."""
    found = labels.value(name, lines, fits)
    return Field(found.text.strip(), found.confidence) if found else None


def address(lines: list[Line]) -> Field | None:
    """Returns the address, which runs over up to three lines."""
    found = labels.value("address", lines, lambda text: len(text) > 1)
    if found is None:
        return None
    parts = [found]
    while len(parts) < 3 and (under := next(below(parts[-1], lines, within=2.2), None)) and not labels.is_label(under):
        parts.append(under)
    return Field("".join(part.text.strip() for part in parts), min(part.confidence for part in parts))


def is_han(text: str) -> bool:
    """Returns whether a text has Chinese characters."""
    return bool(_HAN.search(text))


def _plain(text: str) -> str:
    """Full-width characters narrowed; spaces are what OCR makes of wide gaps between digits."""
    return re.sub(r"(?<=[0-9])\s+(?=[0-9Xx])", "", unicodedata.normalize("NFKC", text))


def _repaired(document_type: str, text: str) -> str:
    """Letters that stand where only digits can are digits misread; a passport's number may have both anywhere."""
    if document_type == "passport":
        return text
    kept = 0 if len(text) == 18 else _LETTERS_BEFORE.get(document_type, 0)
    return document.compact(text[:kept] + text[kept:].translate(_TO_DIGIT))


def _only(lines: list[Line], form: re.Pattern[str]) -> Line | None:
    found = [line for line in lines if form.search(_plain(line.text)) and not dates.period(line.text)]
    return found[0] if len(found) == 1 else None


def _day(name: str, lines: list[Line]) -> Field | None:
    found = labels.value(name, lines, lambda text: dates.day(text) is not None)
    told = dates.day(found.text) if found else None
    return Field(told.isoformat(), found.confidence) if found and told else None


def _first(lines: list[Line], form: re.Pattern[str]) -> Field | None:
    for line in lines:
        if found := form.search(line.text):
            return Field(found[0].strip(" .,-").translate(_TO_LETTER), line.confidence)
    return None
