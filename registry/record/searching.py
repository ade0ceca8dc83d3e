"""Finding records by name or handle: through an index, twenty at a time, never the whole registry."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.core import signing
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower, StrIndex

from portal.accounts.models import OperatorKind
from portal.api.errors import CursorBad
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Hold, Registration
from registry.issuing.verdict import Status, status
from registry.personas.models import Portrayed

SHORTEST = 2  # letters: a Chinese name may have two
PAGE = 20
DEEPEST = 100  # candidates that one search looks at, over all its pages
_SALT = "registry.record.search"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. An empty status or platform is any."""

    text: str
    status: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A record that was found."""

    registration: Registration
    printed_id: str
    status: Status


@dataclass(frozen=True, slots=True)
class Results:
    """A page of records, the cursor of the next one, and whether more may exist than a search shows."""

    rows: list[Row]
    more: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    issued_at: datetime | None = None
    registry_id: str = ""
    seen: int = 0


def search(wanted: Wanted, *, cursor: str, now: datetime) -> Results:
    """Returns the records whose name or handle contains the text, the newest first. Raises CursorBad."""
    if len(wanted.text) < SHORTEST:
        return Results([])
    place = _read(wanted, cursor)
    rows: list[Row] = []
    while place.seen < DEEPEST and len(rows) < PAGE:
        asked = min(PAGE, DEEPEST - place.seen)
        batch = list(_behind(candidates(wanted, now), place)[: asked + 1])
        taken = _fill(rows, batch[:asked], wanted, now)
        place = _after(place, batch[:taken])
        if taken == len(batch):
            return Results(rows)
    cut = place.seen >= DEEPEST
    return Results(rows, more="" if cut else _write(wanted, place), cut=cut)


def _fill(rows: list[Row], batch: list[Registration], wanted: Wanted, now: datetime) -> int:
    """Adds what fits until the page is full; returns how many of the batch were looked at."""
    found = Registration.objects.filter(pk__in=[each.pk for each in batch])
    statuses = {facts.registry_id: status(facts, now) for facts in issuing.facts_for(found)}
    for count, each in enumerate(batch, start=1):
        if wanted.status in ("", statuses[each.registry_id]):
            rows.append(Row(each, ids.printed(each.registry_id), statuses[each.registry_id]))
        if len(rows) == PAGE:
            return count
    return len(batch)


def candidates(wanted: Wanted, now: datetime) -> QuerySet[Registration]:
    """Returns the records that contain the text and may have the status: it is derived, and looked at one by one."""
    text: Func = Func(F("facts"), function="record_text", output_field=TextField())
    pairs: ArrayField[list[str], list[str]] = ArrayField(TextField())
    asked = Func(Lower(Value(wanted.text)), function="record_asked", output_field=pairs)
    place = StrIndex(text, Lower(Value(wanted.text)))  # not LIKE: nothing in it means anything, and its guess misleads the planner
    found = Registration.objects.alias(pairs=Func(text, function="record_pairs", output_field=pairs), place=place)
    found = found.filter(pairs__contains=asked, place__gt=0)
    if wanted.platform:
        found = found.filter(facts__platforms__contains=[wanted.platform])
    return found.filter(_may_be(wanted.status, now)).order_by("-issued_at", "registry_id")


def _may_be(wanted: str, now: datetime) -> Q:
    revoked, retired, over = Q(revoked_at__lte=now), Q(retired_at__lte=now), Q(expires_at__lte=now)
    held = Exists(Hold.objects.filter(registration=OuterRef("pk"), lifted_at=None))
    rests_on_consent = Q(facts__portrayed=Portrayed.OTHER) | Q(operator__kind=OperatorKind.ORGANISATION)
    runs = Q(expires_at__gt=now) & (Q(revoked_at=None) | Q(revoked_at__gt=now)) & (Q(retired_at=None) | Q(retired_at__gt=now))
    return {
        Status.REVOKED.value: revoked,
        Status.RETIRED.value: retired,
        Status.EXPIRED.value: over,
        Status.SUSPENDED.value: runs & (Q(held) | rests_on_consent),
        Status.ACTIVE.value: runs & ~Q(held),
    }.get(wanted, Q())


def _behind(found: QuerySet[Registration], place: _Place) -> QuerySet[Registration]:
    if place.issued_at is None:
        return found
    same = Q(issued_at=place.issued_at, registry_id__gt=place.registry_id)
    return found.filter(issued_at__lte=place.issued_at).filter(Q(issued_at__lt=place.issued_at) | same)


def _after(place: _Place, taken: list[Registration]) -> _Place:
    return _Place(taken[-1].issued_at, taken[-1].registry_id, place.seen + len(taken)) if taken else place


def _salt(wanted: Wanted) -> str:
    return "\n".join((_SALT, wanted.text, wanted.status, wanted.platform))


def _write(wanted: Wanted, place: _Place) -> str:
    assert place.issued_at is not None  # noqa: S101 - a full page has a last row
    return signing.dumps([place.issued_at.isoformat(), place.registry_id, place.seen], salt=_salt(wanted))


def _read(wanted: Wanted, cursor: str) -> _Place:
    """A cursor counts how much was seen, so it is signed, and for one search alone."""
    if not cursor:
        return _Place()
    try:
        at, registry_id, seen = signing.loads(cursor, salt=_salt(wanted))
    except signing.BadSignature as error:
        raise CursorBad from error
    return _Place(datetime.fromisoformat(at), registry_id, seen)
