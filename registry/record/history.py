"""The events of a registration that anybody may read; who did it and why stay inside."""

from datetime import UTC, datetime

from django.db.models import QuerySet

from portal.audit.events import Event
from portal.audit.models import Entry
from portal.audit.queries import trail_of
from registry.issuing.models import Registration

# Event → RDAP's name for it (RFC 9083 §10.2.3). An event that is not here is not public.
PUBLIC: dict[str, str] = {
    Event.REGISTRATION_ISSUED: "registration",
    Event.REGISTRATION_UPDATED: "last changed",
    Event.REGISTRATION_REVOKED: "deletion",
    Event.REGISTRATION_RETIRED: "deletion",
    Event.REGISTRATION_RESTORED: "reinstantiation",
    Event.REGISTRATION_RENEWED: "reregistration",
    Event.TRANSFER_COMPLETED: "transfer",
    Event.NATIONAL_CODE_SET: "last changed",
    Event.HOLD_PLACED: "locked",
    Event.HOLD_LIFTED: "unlocked",
}


def history(registration: Registration) -> QuerySet[Entry]:
    """Returns the public events of a registration, the newest first."""
    return trail_of(registration).filter(event__in=PUBLIC).order_by("-id")


def moment(at: datetime) -> str:
    """Returns a moment as RFC 3339 writes it in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
