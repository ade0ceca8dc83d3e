"""What changes hands when a transfer is completed: the registration, the persona with its applications; not the licence."""

from datetime import datetime

from portal.access.actor import Actor
from registry.consent import services as consent
from registry.issuing.models import Registration, Transfer, Version
from registry.personas import services as personas
from registry.personas.models import Persona, Portrayed


def hand_over(row: Transfer, registration: Registration, actor: Actor, now: datetime) -> None:
    """Writes the new operator, and a new version: certificates name the operator, so they are issued anew.

    Whoever received it stands for the persona from now on: they made it, in the registry's eyes, and drive it until they name
    somebody. A face that was the giver's own is another person's.
    """
    assert row.receiver is not None  # noqa: S101 – the receiver chose it when confirming
    persona = Persona.objects.select_for_update().get(pk=registration.persona_id)
    if registration.facts.get("portrayed") == Portrayed.SELF:
        registration.facts = registration.facts | {"portrayed": Portrayed.OTHER.value}
    own_face = persona.portrayed == Portrayed.SELF
    if own_face:
        persona.portrayed = Portrayed.OTHER
    _next_version(registration, now)
    registration.operator, registration.changed_at = row.receiver, now
    registration.save(update_fields=["facts", "version", "operator", "changed_at"])
    persona.operator, persona.created_by_id, persona.driver, persona.changed_at = row.receiver, row.received_by_id, None, now
    persona.save(update_fields=["operator", "created_by", "driver", "portrayed", "changed_at"])
    if own_face:
        personas.check_again(persona)  # whose face it is, is part of a portrait's check
    registration.persona = persona
    consent.end_with_operator(actor=actor, persona=persona, now=now)


def _next_version(registration: Registration, now: datetime) -> None:
    """The facts stay as an officer approved them: the version rests on the same application."""
    last = registration.versions.get(number=registration.version)
    registration.version += 1
    Version.objects.create(
        registration=registration, number=registration.version, facts=registration.facts, application=last.application, since=now
    )
