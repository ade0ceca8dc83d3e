"""This room's clock: how many requests of a key failed is kept as long as the rest of its usage. Decisions are kept for good."""

from datetime import datetime

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery

from portal.accounts.models import ApiKey
from portal.api.keeping import USAGE_KEPT
from portal.keeping import clocks
from portal.keeping.clocks import Clock
from portal.vault.models import Retention, SealedFile
from registry.gate.models import Failure

_COUNTED_UNTIL = ExpressionWrapper(F("day") + USAGE_KEPT, output_field=DateTimeField())


def _due(now: datetime) -> QuerySet[ApiKey]:
    oldest = Failure.objects.filter(key=OuterRef("pk")).order_by("day").annotate(until=_COUNTED_UNTIL)
    return ApiKey.objects.annotate(since=Subquery(oldest.values("until")[:1])).filter(since__lte=now)


def _go(key: ApiKey, now: datetime) -> list[SealedFile]:
    Failure.objects.filter(key=key.pk, day__lte=(now - USAGE_KEPT).date()).delete()
    return []


clocks.declare(Clock("failures", Retention.EXCHANGE, _due, _go))
