"""The names of the public events. A name is never reused for another meaning."""

from enum import StrEnum


class EventType(StrEnum):
    """`thing.happened`. The list grows: a reader passes over a name it does not know."""

    PERSONA_ACTIVATED = "persona.activated"
    PERSONA_UPDATED = "persona.updated"
    PERSONA_SUSPENDED = "persona.suspended"
    PERSONA_RESTORED = "persona.restored"
    PERSONA_EXPIRED = "persona.expired"
    PERSONA_REVOKED = "persona.revoked"
    PERSONA_RETIRED = "persona.retired"
    PERSONA_RENEWED = "persona.renewed"
    PERSONA_TRANSFERRED = "persona.transferred"
    CONSENT_WITHDRAWN = "consent.withdrawn"
