"""Whom a specimen document is issued to."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from demo.faces import paper
from demo.faces.paper import Language

BORN, EXPIRES = date(1990, 1, 1), date(2035, 12, 31)
LONG_TERM = date.max  # a card that never expires
TEN_YEARS = timedelta(days=3652)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose portrait, and what is printed. Birth date and sex follow from an 18-character number, unless they are given."""

    face: str
    name: str
    number: str
    latin: str = ""
    born: date | None = None
    sex: str = ""
    expires: date = EXPIRES
    language: Language = "zh"
    nationality: str = "UTO"
    ethnicity: str = "汉"
    address: str = "乌托邦市样本区示范路一百二十三号四单元五〇六室"

    def settled(self) -> "Holder":
        """Return the holder with everything known, in a language there are letters for."""
        born, sex = _told(self.number)
        language = paper.spoken(self.language)
        settled = replace(self, born=self.born or born, sex=self.sex or sex, language=language)
        return replace(settled, ethnicity="Han", address="12 Specimen Road") if language == "en" else settled

    @property
    def birth(self) -> date:
        """The birth date of a settled holder."""
        return self.born or BORN

    @property
    def issued(self) -> date:
        """The day of issue, ten years before the end."""
        return date(2020, 1, 1) if self.expires == LONG_TERM else self.expires - TEN_YEARS

    @property
    def validity(self) -> str:
        """The period as cards print it."""
        last = "长期" if self.expires == LONG_TERM and self.language == "zh" else dotted(self.expires)
        return f"{dotted(self.issued)}-{last}"


def dotted(day: date) -> str:
    """Return a date as cards print it."""
    return f"{day:%Y.%m.%d}"


def _told(number: str) -> tuple[date, str]:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14])), "M" if int(number[16]) % 2 else "F"
    except (ValueError, IndexError):
        return BORN, "F"
