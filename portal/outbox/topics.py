"""The names of what leaves the house, as platforms will read them."""

from enum import StrEnum


class Topic(StrEnum):
    """`thing.happened`; a name is never reused for another meaning."""

    PERSON_CHANGED = "person.changed"
    OPERATOR_CHANGED = "operator.changed"
    CONSENT_GRANTED = "consent.granted"
    CONSENT_CHANGED = "consent.changed"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    PERSONA_REGISTERED = "persona.registered"
    PERSONA_UPDATED = "persona.updated"
    PERSONA_SUSPENDED = "persona.suspended"
    PERSONA_RESTORED = "persona.restored"
    PERSONA_REVOKED = "persona.revoked"
    PERSONA_RETIRED = "persona.retired"
    PERSONA_RENEWED = "persona.renewed"
    PERSONA_TRANSFERRED = "persona.transferred"
    REGISTRATION_CHANGED = "registration.changed"  # what no verdict rests on: prohibitions, a transfer under way, the code
