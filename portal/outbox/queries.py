"""Reading the outbox, completely and in order."""

from dataclasses import dataclass

from django.db.models import BigIntegerField, Func, Q, QuerySet

from portal.outbox.models import Message, Reader


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """How far a reader has come: everything up to and including this row."""

    transaction: int = 0
    id: int = 0


class OldestRunning(Func):
    """The 64-bit identifier of the oldest transaction that still runs."""

    template = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    output_field = BigIntegerField()


def _behind(place: Place) -> QuerySet[Message]:
    behind = Q(transaction__gt=place.transaction) | Q(transaction=place.transaction, id__gt=place.id)
    return Message.objects.filter(behind).order_by("transaction", "id")


def after(place: Place, *, limit: int = 500) -> list[Message]:
    """Returns the next messages behind `place`, in order, none of which can be overtaken by a late commit."""
    return list(_behind(place).filter(transaction__lt=OldestRunning())[:limit])


def visible_after(place: Place, *, limit: int | None = None) -> list[Message]:
    """Returns every committed message behind `place` (the first `limit`), settled or not: for readers that only need to know soon."""
    return list(_behind(place)[:limit])


def last_settled() -> Place:
    """Returns the place behind which a reader that has just loaded everything starts."""
    settled = Message.objects.filter(transaction__lt=OldestRunning()).order_by("-transaction", "-id")
    last = settled.values_list("transaction", "id").first()
    return Place(*last) if last else Place()


def place_of(name: str) -> Place:
    """Returns how far the relay `name` has come; a new one starts at the beginning: what happened before its first look counts."""
    reader, _made = Reader.objects.get_or_create(name=name, defaults={"transaction": 0, "message": 0})
    return Place(reader.transaction, reader.message)
