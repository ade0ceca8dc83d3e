"""Making and changing a persona."""

from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require, require_visible
from portal.access.roles import Permission
from portal.accounts.models import Operator
from portal.accounts.queries import operators_of
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Invalid
from registry.personas import queries, rules
from registry.personas.models import DriveMode, Handle, Persona, Portrayed
from registry.personas.rules import Details
from registry.personas.services.owning import own
from registry.personas.services.portraits import check_again
from registry.personas.states import OFFICER_TURN


@transaction.atomic
def create(*, actor: Actor, operator: Operator, details: Details, now: datetime) -> Persona:
    """Returns the new persona of the operator. Raises NotFound for somebody else's operator, Invalid for bad details."""
    require(actor, Permission.MANAGE_PERSONA)
    require_visible(operators_of(actor).filter(pk=operator.pk).exists())
    tidy = _acceptable(details)
    persona = Persona(operator=operator, created_by_id=actor.id, created_at=now, changed_at=now)
    _write(persona, tidy)
    record(Event.PERSONA_CREATED, actor=actor, subject=persona, now=now, operator=str(operator.pk))
    return persona


@transaction.atomic
def change(*, actor: Actor, persona: Persona, details: Details, now: datetime) -> Persona:
    """Returns the persona with the new details; nothing happens if they are the old ones.

    What was sent to review or registered stays as it was sent. Raises NotFound or Invalid.
    """
    persona = own(actor, persona.pk)
    tidy, before = _acceptable(details), queries.details_of(persona)
    changed = [name for name in Details.__dataclass_fields__ if getattr(tidy, name) != getattr(before, name)]
    if not changed:
        return persona
    _not_under_review(persona, changed)
    persona.changed_at = now
    _write(persona, tidy)
    record(Event.PERSONA_CHANGED, actor=actor, subject=persona, now=now, fields=changed)
    if "portrayed" in changed:
        check_again(persona)
    return persona


def _not_under_review(persona: Persona, changed: list[str]) -> None:
    """Whose face it shows decides what a portrait is compared with: an answer changed now would wipe what the officer must see."""
    last = queries.latest_application(persona)
    if "portrayed" in changed and last is not None and last.state in OFFICER_TURN:
        raise Invalid(errors={"portrayed": rules.UNDER_REVIEW})


def _acceptable(details: Details) -> Details:
    tidy = rules.cleaned(details)
    errors = rules.problems(tidy, platforms=queries.platform_names(), drive_modes=DriveMode.values, portrayed=Portrayed.values)
    if errors:
        raise Invalid(errors=errors)
    return tidy


def _write(persona: Persona, details: Details) -> None:
    persona.name_zh, persona.name_en, persona.description = details.name_zh, details.name_en, details.description
    persona.drive_mode, persona.portrayed, persona.platforms = details.drive_mode, details.portrayed, list(details.platforms)
    persona.save()
    persona.handles.all().delete()
    Handle.objects.bulk_create(Handle(persona=persona, platform=code, handle=handle) for code, handle in details.handles.items())
