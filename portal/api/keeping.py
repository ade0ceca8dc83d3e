"""This room's clocks: answers are repeated for a day, usage is kept for thirteen months. One receipt for a platform and a day."""

from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery

from portal.accounts.models import Platform
from portal.api import idempotency
from portal.api.models import Promise, Usage
from portal.keeping import clocks
from portal.keeping.clocks import Clock
from portal.vault.models import Retention, SealedFile

USAGE_KEPT = timedelta(days=400)
_REPEATED_UNTIL = ExpressionWrapper(F("created_at") + idempotency.KEPT, output_field=DateTimeField())
_COUNTED_UNTIL = ExpressionWrapper(F("day") + USAGE_KEPT, output_field=DateTimeField())


def _promises_due(now: datetime) -> QuerySet[Platform]:
    oldest = Promise.objects.filter(platform=OuterRef("pk")).order_by("created_at").annotate(until=_REPEATED_UNTIL)
    return Platform.objects.annotate(since=Subquery(oldest.values("until")[:1])).filter(since__lte=now)


def _promises_go(platform: Platform, now: datetime) -> list[SealedFile]:
    for promise in Promise.objects.filter(platform=platform, created_at__lte=now - idempotency.KEPT).select_related("data_key"):
        idempotency.forget(promise)
    return []


def _usage_due(now: datetime) -> QuerySet[Platform]:
    oldest = Usage.objects.filter(platform=OuterRef("pk")).order_by("day").annotate(until=_COUNTED_UNTIL)
    return Platform.objects.annotate(since=Subquery(oldest.values("until")[:1])).filter(since__lte=now)


def _usage_goes(platform: Platform, now: datetime) -> list[SealedFile]:
    Usage.objects.filter(platform=platform, day__lte=(now - USAGE_KEPT).date()).delete()
    return []


clocks.declare(Clock("promises", Retention.EXCHANGE, _promises_due, _promises_go))
clocks.declare(Clock("usage", Retention.EXCHANGE, _usage_due, _usage_goes))
