"""This room's clock: changes are kept for 90 days, then the feed begins later."""

from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery

from portal.feed import services
from portal.feed.models import Change, Feed
from portal.keeping import clocks
from portal.keeping.clocks import Clock
from portal.vault.models import Retention, SealedFile

KEPT = timedelta(days=90)
_UNTIL = ExpressionWrapper(F("told_at") + KEPT, output_field=DateTimeField())


def _due(now: datetime) -> QuerySet[Feed]:
    """The feeds that begin too early. One receipt for a feed and a day, not one for every change: they name nobody."""
    oldest = Change.objects.filter(feed=OuterRef("pk")).order_by("sequence").annotate(until=_UNTIL)
    return Feed.objects.annotate(since=Subquery(oldest.values("until")[:1])).filter(since__lte=now)


def _goes(head: Feed, now: datetime) -> list[SealedFile]:
    services.forget(head, before=now - KEPT)
    return []


clocks.declare(Clock("changes", Retention.EXCHANGE, _due, _goes))
