"""Events of the sandbox: shaped as the real ones, about its personas, for whoever builds a receiver."""

from datetime import datetime
from typing import Any

from portal.feed import queries as feed
from portal.feed.types import EventType
from registry.issuing import registry_id as ids
from registry.issuing.verdict import Status

# The status that a registration has after each event.
LEADS_TO = {
    EventType.PERSONA_ACTIVATED: Status.ACTIVE,
    EventType.PERSONA_UPDATED: Status.ACTIVE,
    EventType.PERSONA_SUSPENDED: Status.SUSPENDED,
    EventType.PERSONA_RESTORED: Status.ACTIVE,
    EventType.PERSONA_EXPIRED: Status.EXPIRED,
    EventType.PERSONA_REVOKED: Status.REVOKED,
    EventType.PERSONA_RETIRED: Status.RETIRED,
    EventType.PERSONA_RENEWED: Status.ACTIVE,
    EventType.PERSONA_TRANSFERRED: Status.ACTIVE,
    EventType.CONSENT_WITHDRAWN: Status.SUSPENDED,
}


def payload(kind: EventType, registry_id: str, now: datetime) -> dict[str, Any]:
    """Returns the event about a persona of the sandbox. It has no number: it stands in no feed."""
    told = {"registry_id": ids.printed(registry_id), "status": LEADS_TO[kind].value, "environment": "sandbox"}
    return feed.as_payload(kind.value, now, told)
