"""The one place that reads the time. Services and rules take `now`; interfaces ask here."""

from datetime import UTC, datetime

from django.utils import timezone


def now() -> datetime:
    """Returns the present moment, aware, in UTC."""
    return timezone.now()


def rfc3339(at: datetime) -> str:
    """Returns a moment in UTC with its `Z`, to the millisecond."""
    return at.astimezone(tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
