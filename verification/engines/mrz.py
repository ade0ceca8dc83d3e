"""Machine-readable zones: ICAO Doc 9303 parts 4 to 6, and the first line of the permits that China issues as cards.

Written here because no library fits: those that are maintained are under the GPL or AGPL, or bring another OCR engine along.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

_TO_DIGIT = str.maketrans("OQDILZSGB", "000112568")
_TO_LETTER = str.maketrans("012568", "OIZSGB")
_FILLERS = str.maketrans(dict.fromkeys("«‹〈《≤＜く", "<") | {" ": ""})
_SLACK = 3  # characters by which a run of fillers may have been misread


@dataclass(frozen=True)
class Form:
    """A layout: the lines' length, where each field stands in all lines together, and which fields the last digit sums up."""

    name: str
    length: int
    count: int
    begins: str
    fields: Mapping[str, slice]
    summed: tuple[slice, ...] = ()
    total: int = -1


def _at(start: int, length: int) -> slice:
    return slice(start, start + length)


def _booklet(name: str, width: int, begins: str, optional: int) -> Form:
    """Passports (44 characters a line) and TD2 cards (36) differ in their optional data alone."""
    fields = {"code": _at(0, 2), "state": _at(2, 3), "names": slice(5, width), "number": _at(width, 9), "nationality": _at(width + 10, 3)}
    fields |= {"birth": _at(width + 13, 6), "sex": _at(width + 20, 1), "expiry": _at(width + 21, 6)}
    if name == "TD3":
        fields["optional"] = _at(width + 28, 14)
    summed = (_at(width, 10), _at(width + 13, 7), _at(width + 21, 7 + optional))
    return Form(name, width, 2, begins, fields, summed, 2 * width - 1)


_CARD = {"code": _at(0, 2), "state": _at(2, 3), "number": _at(5, 9), "birth": _at(30, 6), "sex": _at(37, 1), "expiry": _at(38, 6)}
FORMS = (
    _booklet("TD3", 44, r"P[A-Z<]", 15),
    _booklet("TD2", 36, r"[ACIP][A-Z<]", 7),
    Form(
        "TD1",
        30,
        3,
        r"[ACI][A-Z<][A-Z0<]{3}",
        _CARD | {"nationality": _at(45, 3), "names": slice(60, 90)},
        (slice(5, 30), _at(30, 7), _at(38, 7), _at(48, 11)),
        59,
    ),
    # GA/T 704.14 and 704.16; the places are those that readers of the permit to Hong Kong and Macao (CS) use
    Form(
        "CN",
        30,
        1,
        r"C[A-Z<5]",
        {"code": _at(0, 2), "number": _at(2, 9), "expiry": _at(13, 6), "birth": _at(21, 6)},
        (_at(2, 10), _at(13, 7), _at(21, 7)),
        29,
    ),
)
_CHECKED = ("number", "birth", "expiry", "optional")


@dataclass(frozen=True, slots=True)
class Zone:
    """What a zone says, and which of its check digits fail: names of fields, "total" for the last one."""

    form: str
    code: str
    number: str
    birth: str
    expiry: str
    state: str = ""
    nationality: str = ""
    sex: str = ""
    names: str = ""
    failed: tuple[str, ...] = field(default=())

    def birth_date(self, today: date) -> date | None:
        """The date of birth: the latest one that is not in the future."""
        born = _date(self.birth, today.year // 100)
        return _date(self.birth, today.year // 100 - 1) if born is None or born > today else born

    @property
    def expiry_date(self) -> date | None:
        """The last day of validity; documents with such a zone are of this century."""
        return _date(self.expiry, 20)


def check_digit(text: str) -> str:
    """Returns the check digit of digits, letters and fillers: weights 7, 3, 1, modulo 10 (Doc 9303 part 3, 4.9)."""
    values = (0 if character == "<" else int(character, 36) for character in text)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


def find(texts: Iterable[str]) -> Zone | None:
    """Returns the zone among lines of text from top to bottom, with misread characters repaired where their field allows
    only one kind; of several possible layouts the one whose check digits fail least.
    """
    cleaned = [text.upper().translate(_FILLERS) for text in texts]
    zones = [zone for form in FORMS for zone in _zones(form, cleaned)]
    return min(zones, key=lambda zone: len(zone.failed), default=None)


def _zones(form: Form, texts: list[str]) -> Iterator[Zone]:
    for start in range(len(texts) - form.count + 1):
        lines = [_fitted(text, form.length) for text in texts[start : start + form.count]]
        if all(lines) and re.match(form.begins, lines[0]):
            yield _zone(form, "".join(lines))


def _fitted(text: str, length: int) -> str:
    """Returns the line at its full length, fillers added to or taken from its longest run; nothing if it is no such line."""
    if not re.fullmatch(r"[A-Z0-9<]+", text) or abs(len(text) - length) > _SLACK or "<" not in text:
        return ""
    text = re.sub(r"<[<KC]*$", lambda run: "<" * len(run[0]), text)
    run = max(re.findall(r"<+", text), key=len)
    if len(text) == length:
        return text
    wanted = len(run) + length - len(text)
    return text.replace(run, "<" * wanted, 1) if len(run) > _SLACK and wanted > 0 else ""


def _zone(form: Form, text: str) -> Zone:
    characters = list(text)
    for name, place in form.fields.items():
        if name in _CHECKED:
            characters[place.stop] = characters[place.stop].translate(_TO_DIGIT)
        if name in ("birth", "expiry"):
            characters[place] = "".join(characters[place]).translate(_TO_DIGIT)
        if name in ("code", "state", "nationality", "names"):
            characters[place] = "".join(characters[place]).translate(_TO_LETTER)
    characters[form.total] = characters[form.total].translate(_TO_DIGIT)
    text = "".join(characters)
    told = {name: text[place] for name, place in form.fields.items() if name != "optional"}
    told = {name: value if name == "names" else value.rstrip("<") for name, value in told.items()}
    return Zone(form.name, **told, failed=tuple(_failures(form, text)))


def _failures(form: Form, text: str) -> Iterator[str]:
    for name in _CHECKED:
        if name in form.fields:
            value, digit = text[form.fields[name]], text[form.fields[name].stop]
            empty = name == "optional" and not value.strip("<")
            if digit != check_digit(value) and not (empty and digit == "<"):
                yield name
    if text[form.total] != check_digit("".join(text[place] for place in form.summed)):
        yield "total"


def _date(text: str, century: int) -> date | None:
    try:
        return date(century * 100 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None
