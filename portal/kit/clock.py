"""The one place that reads the time. Services and rules take `now`; interfaces ask here."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Returns the present moment, aware, in UTC."""
    return timezone.now()
