"""This room's clocks: what was sent is kept for 30 days, a secret that signs no more is destroyed the next day."""

from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery

from portal.keeping import clocks
from portal.keeping.clocks import Clock
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from portal.webhooks.models import Delivery, Endpoint, Secret

KEPT = timedelta(days=30)
_UNTIL = ExpressionWrapper(F("ended_at") + KEPT, output_field=DateTimeField())


def _logs_due(now: datetime) -> QuerySet[Endpoint]:
    """The endpoints with deliveries that ended long ago. One receipt for an endpoint and a day: they name nobody."""
    oldest = Delivery.objects.filter(endpoint=OuterRef("pk"), ended_at__isnull=False).order_by("ended_at").annotate(until=_UNTIL)
    return Endpoint.objects.annotate(since=Subquery(oldest.values("until")[:1])).filter(since__lte=now)


def _log_goes(endpoint: Endpoint, now: datetime) -> list[SealedFile]:
    endpoint.deliveries.filter(ended_at__lte=now - KEPT).delete()
    return []


def _secrets_due(now: datetime) -> QuerySet[Secret]:
    return Secret.objects.annotate(since=F("expires_at")).filter(since__lte=now)


def _secret_goes(secret: Secret, now: datetime) -> list[SealedFile]:
    files.erase(secret.data_key, now=now)
    secret.delete()
    return []


clocks.declare(Clock("deliveries", Retention.EXCHANGE, _logs_due, _log_goes))
clocks.declare(Clock("webhook_secrets", Retention.EXCHANGE, _secrets_due, _secret_goes))
