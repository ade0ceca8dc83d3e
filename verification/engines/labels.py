"""What is printed on documents beside the holder's data: labels and titles, in Chinese and English, however OCR spaces them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from verification.engines.lines import Line, below, beside


def _either(*words: str) -> str:
    return "|".join(r"\s*".join(map(re.escape, word.replace(" ", ""))) for word in words)


def _label(chinese: str, english: str) -> re.Pattern[str]:
    """Chinese labels are found anywhere in a line, English ones alone at its beginning: they are words of names, too."""
    return re.compile(rf"(?:{chinese})(?:\s*/?\s*(?:{english}))?|^\s*(?:{english})(?![a-z])", re.IGNORECASE)


LABELS: dict[str, re.Pattern[str]] = {
    "name": _label("姓名", _either("Full name", "Name")),
    "sex": _label("性别", _either("Sex")),
    "ethnicity": _label("民族", _either("Ethnicity")),
    "nationality": _label("国籍", _either("Nationality")),
    "birth": _label("出生日期|出生(?!地)", _either("Date of birth")),
    "birthplace": _label("出生地点?", _either("Place of birth")),
    "address": _label("住址", _either("Address")),
    "permit_number": _label("通行证号码", _either("Permit number")),
    "number": _label(
        "公民身份号码|护照号码?|证件号码", _either("Citizen identity number", "Passport No", "Document No", "ID No", "Number") + r"\.?"
    ),
    "issued": _label("签发日期", _either("Date of issue")),
    "expiry": _label("有效期至", _either("Date of expiry")),
    "validity": _label("有效期限?(?!至)", _either("Period of validity", "Valid period")),
    "issuer": _label("签发机关", _either("Issuing authority", "Authority")),
    "issues": _label("签发次数|换证次数", _either("Number of issues")),
    "issue_place": _label("签发地点", _either("Place of issue")),
    "type": _label("类型", _either("Type")),
    "state": _label("国家码", _either("Country code")),
}

# The first that fits counts; an empty type is a document we know and do not take.
_TITLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "",
        re.compile("驾驶证|行驶证|社会保障卡|临时居民身份证|往来港澳通行证|往来台湾通行证|户口簿|军官证|学生证|DRIV(ING|ER'?S?)LICEN[CS]E"),
    ),
    ("hk_macao_permit", re.compile("港澳居民来往内地|TRAVELPERMITFORHONGKONG")),
    ("taiwan_permit", re.compile("台湾居民来往大陆|TRAVELPERMITFORTAIWAN")),
    ("residence_permit", re.compile("(港澳|台湾)居民居住证|RESIDENCEPERMITFOR(HONGKONG|TAIWAN)")),
    ("foreign_resident", re.compile("外国人永久居留|PERMANENTRESIDENTIDCARD")),
    ("resident_id", re.compile("居民身份证|RESIDENTIDENTITYCARD")),
    ("passport", re.compile("护照|PASSPORT")),
)
UNSUPPORTED = "unsupported"


def titled(lines: Iterable[Line]) -> str:
    """Returns the type of document whose title stands there: "unsupported" for one that is not taken, nothing for none."""
    told = "\n".join(re.sub(r"\s", "", line.text).upper() for line in lines)
    return next((kind or UNSUPPORTED for kind, title in _TITLES if title.search(told)), "")


def labels_on(lines: Iterable[Line]) -> set[str]:
    """Returns which labels stand there."""
    texts = [line.text for line in lines]
    return {name for name, label in LABELS.items() if any(label.search(text) for text in texts)}


def values(name: str, lines: list[Line]) -> Iterator[Line]:
    """Yields what may be the value of a label, the likeliest first: the rest of its line, its right neighbour, what is below."""
    for line in lines:
        found = LABELS[name].search(line.text)
        if found is None:
            continue
        rest = re.sub(r"^[\s:：/.]+|\s+$", "", _until_next_label(line.text[found.end() :]))
        if rest:
            yield replace(line, text=rest)
        yield from (each for each in beside(line, lines) if not is_label(each))
        yield from (each for each in below(line, lines) if not is_label(each))


def value(name: str, lines: list[Line], fits: Callable[[str], bool]) -> Line | None:
    """Returns the first value of the label that fits."""
    return next((each for each in values(name, lines) if fits(each.text)), None)


def is_label(line: Line) -> bool:
    """Returns whether a line begins with a label."""
    return any(label.match(line.text.lstrip()) for label in LABELS.values())


def _until_next_label(text: str) -> str:
    starts = [found.start() for label in LABELS.values() if (found := label.search(text)) and found.start() > 0]
    return text[: min(starts)] if starts else text
