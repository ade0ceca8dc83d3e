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
    somebody.
    """
    assert row.receiver is not None  # noqa: S101 – the receiver chose it when confirming
    persona = Persona.objects.select_for_update().get(pk=registration.persona_id)
    last = registration.versions.get(number=registration.version)
    before, after = registration.facts.get("portrayed"), _whose_face(registration, last, row)
    if after != before:
        registration.facts = registration.facts | {"portrayed": after}
    registration.version += 1
    registration.operator, registration.changed_at = row.receiver, now
    registration.save(update_fields=["facts", "version", "operator", "changed_at"])
    _next_version(registration, last, now)
    meant = after if persona.portrayed == before else _without_self(persona.portrayed)
    _to(row, persona, meant, now)
    registration.persona = persona
    consent.end_with_operator(actor=actor, persona=persona, now=now)


def _whose_face(registration: Registration, last: Version, row: Transfer) -> str:
    """A face that was the giver's own is another person's afterwards; one that is the receiver's is their own."""
    before: str = registration.facts.get("portrayed", "")
    if before not in (Portrayed.SELF, Portrayed.OTHER):
        return before
    shown = last.application.portrayed_user_id
    return Portrayed.SELF.value if shown is not None and shown == row.received_by_id else Portrayed.OTHER.value


def _without_self(portrayed: str) -> str:
    """What the working copy says of a face that is not registered yet: the giver's own is not the receiver's."""
    return Portrayed.OTHER.value if portrayed == Portrayed.SELF else portrayed


def _to(row: Transfer, persona: Persona, portrayed: str, now: datetime) -> None:
    changed, persona.portrayed = portrayed != persona.portrayed, portrayed
    assert row.receiver is not None  # noqa: S101 – as above
    persona.operator, persona.created_by_id, persona.driver, persona.changed_at = row.receiver, row.received_by_id, None, now
    persona.save(update_fields=["operator", "created_by", "driver", "portrayed", "changed_at"])
    if changed:
        personas.check_again(persona)  # whose face it is, is part of a portrait's check


def _next_version(registration: Registration, last: Version, now: datetime) -> None:
    """The facts stay as an officer approved them: the version rests on the same application."""
    Version.objects.create(
        registration=registration, number=registration.version, facts=registration.facts, application=last.application, since=now
    )
