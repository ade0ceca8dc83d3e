"""Appending to the feeds."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max

from portal.feed.models import Change, Feed
from portal.feed.types import EventType


@dataclass(frozen=True, slots=True)
class News:
    """A public event, before it has a place in a feed."""

    event: uuid.UUID
    type: EventType
    at: datetime
    registry_id: str
    status: str


def append(news: News, *, platforms: Collection[str], now: datetime) -> list[Change]:
    """Returns the new row of each platform's feed; a feed that has told this event already gets none.

    Raises RuntimeError outside a transaction: the number and the row stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a feed is written in a transaction")
    # In one order for everybody, new feeds too: no two writers wait for each other.
    for platform in sorted(platforms):
        Feed.objects.get_or_create(platform=platform)
    heads = Feed.objects.select_for_update().filter(platform__in=platforms).order_by("platform")
    return [_append(head, news, now) for head in heads if not head.changes.filter(event=news.event).exists()]


def _append(head: Feed, news: News, now: datetime) -> Change:
    head.last += 1
    head.save(update_fields=["last"])
    return Change.objects.create(
        feed=head,
        sequence=head.last,
        event=news.event,
        type=news.type,
        at=news.at,
        told_at=now,
        registry_id=news.registry_id,
        status=news.status,
    )


def forget(head: Feed, *, before: datetime) -> int:
    """Returns how many rows of the locked feed went: those told before `before`, from the beginning, without a hole."""
    last = head.changes.filter(told_at__lte=before).aggregate(Max("sequence"))["sequence__max"]
    if last is None:
        return 0
    gone, _by_model = head.changes.filter(sequence__lte=last).delete()
    Feed.objects.filter(pk=head.pk).update(erased=last)
    return gone
