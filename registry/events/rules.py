"""Which public event a change of status is. Pure."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.feed.types import EventType
from portal.outbox.topics import Topic
from registry.issuing.verdict import Status

_BECAME = {
    Status.ACTIVE: EventType.PERSONA_RESTORED,
    Status.SUSPENDED: EventType.PERSONA_SUSPENDED,
    Status.EXPIRED: EventType.PERSONA_EXPIRED,
    Status.REVOKED: EventType.PERSONA_REVOKED,
    Status.RETIRED: EventType.PERSONA_RETIRED,
}
# What is told because it happened, whether the status follows or not.
EDGES = {
    Topic.CONSENT_WITHDRAWN.value: EventType.CONSENT_WITHDRAWN,
    Topic.PERSONA_UPDATED.value: EventType.PERSONA_UPDATED,
    Topic.PERSONA_RENEWED.value: EventType.PERSONA_RENEWED,
    Topic.PERSONA_TRANSFERRED.value: EventType.PERSONA_TRANSFERRED,
}


@dataclass(frozen=True, slots=True)
class Edge:
    """Something that happened once: told in the order of the outbox, before the status it led to."""

    event: uuid.UUID
    type: EventType
    at: datetime

    def as_json(self) -> dict[str, str]:
        """Returns the edge as a row keeps it."""
        return {"event": str(self.event), "type": self.type.value, "at": self.at.isoformat()}

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> "Edge":
        """Returns the edge that a row kept."""
        return cls(uuid.UUID(kept["event"]), EventType(kept["type"]), datetime.fromisoformat(kept["at"]))


def became(before: str, status: Status) -> EventType | None:
    """Returns the event of a status that follows `before` (empty: nothing was told yet); None if nothing changed."""
    if before == status:
        return None
    return EventType.PERSONA_ACTIVATED if not before and status is Status.ACTIVE else _BECAME[status]
