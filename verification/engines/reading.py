"""What a document says of its holder, and what is wrong with the document. Pure: lines of text in, a reading out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from verification.engines import document, fields, labels, mrz
from verification.engines.fields import Field, Source
from verification.engines.lines import Line
from verification.engines.slips import apart
from verification.rules import LEAST_AGE, age_on

LEGIBLE = 12  # characters read surely, below which a side counts as not to be read at all
SURE = 0.8  # confidence from which a line counts as read surely
_EIGHTEEN = ("resident_id", "residence_permit")  # their validity stands on the back
_ON_FRONT = {"name", "sex", "birth", "ethnicity", "address"}
_ON_BACK = {"issuer", "validity", "issues", "permit_number"}

Lines = list[Line]


@dataclass(frozen=True, slots=True)
class Reading:
    """The fields that were read, the codes of what is wrong, and which sides ("front", "back") to take again for them."""

    document_type: str
    name: Field | None = None
    latin_name: Field | None = None
    number: Field | None = None
    birth_date: Field | None = None
    sex: Field | None = None
    issued: Field | None = None
    expiry: Field | None = None
    nationality: Field | None = None
    ethnicity: Field | None = None
    address: Field | None = None
    codes: tuple[str, ...] = ()
    repeat: frozenset[str] = frozenset()


def read_document(document_type: str, front: Lines, back: Lines | None = None, *, today: date) -> Reading:
    """Returns what the sides of a document of the chosen type tell; `back` is None where it was not asked for.

    Lines are straight and in reading order, as the OCR engine returns them. Codes are of the reason catalogue.
    """
    unread = [side for side, lines in (("front", front), ("back", back)) if lines is not None and not _legible(lines)]
    if "front" in unread:
        return Reading(document_type, codes=("document_unreadable",), repeat=frozenset(unread))
    if code := _wrong_document(document_type, front, today):
        return Reading(document_type, codes=(code,), repeat=frozenset({"front"}))
    swapped = _wrong_sides(document_type, front, back)
    if "front" in swapped:
        return Reading(document_type, codes=("document_wrong_side",), repeat=swapped)
    zone = mrz.find(line.text for line in [*front, *(back or [])])
    printed = _printed(document_type, front, back)
    reading = _with_zone(printed, zone, today)
    codes = [*(["document_wrong_side"] if swapped else []), *(["document_unreadable"] if unread else [])]
    if zone is not None and (zone.failed or _conflicts(printed, reading, today)):
        codes.append("document_mrz_bad")
    codes += _findings(reading, today)
    if not codes and not _complete(reading, zone is not None, back is not None, today):
        codes.append("document_unread")
    return replace(reading, codes=tuple(dict.fromkeys(codes)), repeat=swapped | frozenset(unread))


def _legible(lines: Lines) -> bool:
    return sum(len(line.text) for line in lines if line.confidence >= SURE) >= LEGIBLE


def _wrong_document(document_type: str, front: Lines, today: date) -> str:
    seen = labels.titled(front) or _kind_of_number(front, today)
    zone = mrz.find(line.text for line in front)
    if zone is not None and zone.form == "TD3":
        seen = "passport"
    if seen == labels.UNSUPPORTED:
        return "document_unsupported"
    return "document_wrong_type" if seen and seen != document_type else ""


def _kind_of_number(front: Lines, today: date) -> str:
    """Fronts of residents' cards have no title: their number tells them apart, if its check digit holds."""
    found = fields.number("resident_id", front)
    if found is None or document.resident_id(found.value, today=today).problem:
        return ""
    if found.value.startswith(document.FOREIGN_REGION):
        return "foreign_resident"
    return "residence_permit" if found.value.startswith(document.RESIDENCE_REGIONS) else "resident_id"


def _wrong_sides(document_type: str, front: Lines, back: Lines | None) -> frozenset[str]:
    wrong = {"front"} if _side(document_type, front) == "back" else set()
    if back is not None and _side(document_type, back) == "front":
        wrong.add("back")
    return frozenset(wrong)


def _side(document_type: str, lines: Lines) -> str:
    """Returns which side this is, nothing if it cannot be told. A passport's cover counts as its back."""
    seen = labels.labels_on(lines)
    zone = mrz.find(line.text for line in lines)
    if len(seen & _ON_FRONT) >= 2 or (zone is not None and zone.form == "TD3"):
        return "front"
    if document_type == "passport":
        return "back" if labels.titled(lines) == "passport" and not seen & _ON_FRONT else ""
    return "back" if seen & _ON_BACK or zone is not None or labels.titled(lines) == document_type else ""


def _printed(document_type: str, front: Lines, back: Lines | None) -> Reading:
    han, latin = fields.names(front)
    issued, expiry = fields.validity(front)
    if expiry is None and back is not None:
        issued, expiry = (found and replace(found, source=Source.BACK) for found in fields.validity(back))
    return Reading(
        document_type,
        han or latin,
        latin if han else None,
        fields.number(document_type, front),
        fields.birth(front),
        fields.sex(front),
        issued,
        expiry,
        fields.text_of("nationality", front, lambda text: not any(each.isdigit() for each in text)),
        fields.text_of("ethnicity", front) if document_type == "resident_id" else None,
        fields.address(front),
    )


def _with_zone(reading: Reading, zone: mrz.Zone | None, today: date) -> Reading:
    """What a zone's check digits confirm goes before what was read from the page."""
    if zone is None:
        return reading
    told = dict(_told(zone, today))
    latin = Field(" ".join(zone.names.replace("<", " ").split()), 1.0, Source.MRZ) if zone.names.strip("<") else None
    return replace(
        reading,
        name=reading.name or latin,
        latin_name=reading.latin_name or (latin if reading.name else None),
        number=told.get("number") or reading.number,
        birth_date=told.get("birth") or reading.birth_date,
        expiry=told.get("expiry") or reading.expiry,
        sex=reading.sex or (Field(zone.sex, 1.0, Source.MRZ) if zone.sex in ("M", "F") else None),
        nationality=Field(zone.nationality, 1.0, Source.MRZ) if zone.nationality else reading.nationality,
    )


def _told(zone: mrz.Zone, today: date) -> Iterator[tuple[str, Field]]:
    born, last = zone.birth_date(today), zone.expiry_date
    if "number" not in zone.failed:
        yield "number", Field(zone.number, 1.0, Source.MRZ)
    if born and "birth" not in zone.failed:
        yield "birth", Field(born.isoformat(), 1.0, Source.MRZ)
    if last and "expiry" not in zone.failed:
        yield "expiry", Field(last.isoformat(), 1.0, Source.MRZ)


def _findings(reading: Reading, today: date) -> Iterator[str]:
    number = document.read(reading.document_type, reading.number.value, today=today) if reading.number else None
    born = _born(reading, today)
    if reading.expiry and reading.expiry.day < today:
        yield "document_expired"
    if born and age_on(today, born) < LEAST_AGE:
        yield "document_too_young"
    if number is not None and (number.problem or _contradicts(number, reading)):
        yield "document_number_bad"


def _born(reading: Reading, today: date) -> date | None:
    if reading.birth_date:
        return reading.birth_date.day
    return document.read(reading.document_type, reading.number.value, today=today).birth_date if reading.number else None


def _complete(reading: Reading, has_zone: bool, has_back: bool, today: date) -> bool:
    """Returns whether all was read that the document must show; a passport without its zone is none."""
    dated = has_back or reading.document_type not in _EIGHTEEN
    zoned = has_zone or reading.document_type != "passport"
    return bool(reading.name and reading.number and _born(reading, today) and zoned and (reading.expiry or not dated))


def _conflicts(printed: Reading, reading: Reading, today: date) -> bool:
    """Returns whether the zone says something else than what was surely read from the page."""
    numbers = [document.read(each.document_type, each.number.value, today=today).value for each in (printed, reading) if each.number]
    different = [
        printed.number is not None and printed.number.confidence >= SURE and apart(numbers[0], numbers[-1]) > 1,
        *(
            one is not None and other is not None and one.confidence >= SURE and one.value != other.value
            for one, other in ((printed.birth_date, reading.birth_date), (printed.expiry, reading.expiry))
        ),
    ]
    return any(different)


def _contradicts(number: document.Number, reading: Reading) -> bool:
    born, sex = reading.birth_date, reading.sex
    return bool((number.birth_date and born and born.day != number.birth_date) or (number.sex and sex and sex.value != number.sex))
