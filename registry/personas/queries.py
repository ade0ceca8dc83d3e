"""Reading personas and applications."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import MemberRole, Operator, OperatorKind, Platform, User
from portal.accounts.queries import operators_of
from portal.kit.errors import Forbidden, NotFound
from registry.personas.models import Application, Persona, Portrait
from registry.personas.rules import Details
from registry.personas.states import OFFICER_TURN
from verification import queries as identities
from verification.organisations import queries as organisations


def mine(actor: Actor) -> QuerySet[Persona]:
    """Returns the personas of the operators in whose name the actor may act, the newest first."""
    own = Persona.objects.filter(operator__in=operators_of(actor)).select_related("operator__organisation")
    return own.prefetch_related("portraits", "applications").order_by("-created_at")


def visible_to(actor: Actor) -> QuerySet[Persona]:
    """Returns the personas the actor may know of: their operators' own, or every one for the desk."""
    return Persona.objects.all() if actor.may(Permission.READ_DESK) else Persona.objects.filter(operator__in=operators_of(actor))


def persona_for(actor: Actor, persona_id: uuid.UUID) -> Persona:
    """Returns a persona the actor may change; raises NotFound for any other."""
    found = Persona.objects.filter(operator__in=operators_of(actor), pk=persona_id).first()
    if found is None:
        raise NotFound
    return found


def persona_to_change(actor: Actor, persona_id: uuid.UUID) -> Persona:
    """Returns one of the actor's own personas, locked until the transaction ends; raises Forbidden for any other."""
    found = Persona.objects.select_for_update().filter(operator__in=operators_of(actor), pk=persona_id).first()
    if found is None:
        raise Forbidden
    return found


def portrait_for(actor: Actor, portrait_id: uuid.UUID) -> Portrait:
    """Returns a portrait the actor may look at, also one kept as evidence for the desk; raises NotFound."""
    pictures = Portrait.kept if actor.may(Permission.READ_DESK) else Portrait.objects
    found = pictures.filter(pk=portrait_id, persona__in=visible_to(actor)).select_related("file__data_key").first()
    if found is None:
        raise NotFound
    return found


def platform_names() -> dict[str, str]:
    """Returns the platforms that can be chosen: code → name. One that is in the sandbox still can not."""
    return dict(Platform.objects.filter(live_at__isnull=False).order_by("name").values_list("code", "name"))


def details_of(persona: Persona) -> Details:
    """Returns the persona's working copy as one value."""
    return Details(
        name_zh=persona.name_zh,
        name_en=persona.name_en,
        description=persona.description,
        drive_mode=persona.drive_mode,
        portrayed=persona.portrayed,
        platforms=tuple(persona.platforms),
        handles={handle.platform: handle.handle for handle in persona.handles.order_by("platform")},
    )


def snapshot(persona: Persona) -> dict[str, Any]:
    """Returns the facts that are sent to review and, once approved, registered. They name no person."""
    details = details_of(persona)
    return {
        "name_zh": details.name_zh,
        "name_en": details.name_en,
        "description": details.description,
        "drive_mode": details.drive_mode,
        "portrayed": details.portrayed,
        "platforms": sorted(details.platforms),
        "handles": dict(details.handles),
        "portraits": [str(portrait.pk) for portrait in persona.portraits.all()],
    }


def owners(operator: Operator) -> QuerySet[User]:
    """Returns the accounts that answer for the operator."""
    return User.objects.filter(memberships__operator=operator, memberships__role=MemberRole.OWNER)


def answered_for(operator: Operator, now: datetime) -> bool:
    """Returns whether somebody verified answers for the operator at `now`: the person, or an agent of the verified organisation."""
    if operator.kind == OperatorKind.ORGANISATION:
        until = organisations.answers_until(operator.pk)
        return until is not None and now < until
    return any(identities.standing(owner.pk, now).verified for owner in owners(operator))


def last_operator(actor: Actor) -> Operator | None:
    """Returns in whose name the actor described a persona last, if they still may."""
    found = Persona.objects.filter(created_by=actor.id, operator__in=operators_of(actor)).select_related("operator")
    last = found.order_by("-created_at").first()
    return last.operator if last else None


def latest_application(persona: Persona) -> Application | None:
    """Returns the newest application of the persona."""
    return persona.applications.order_by("-submitted_at").first()


def decidable_by(actor: Actor) -> QuerySet[Application]:
    """Returns the applications that are not the actor's own: not their operator's, not of their face, not sent by them."""
    own = Q(persona__operator__in=operators_of(actor)) | Q(submitted_by=actor.id) | Q(portrayed_user=actor.id)
    ids = Application.objects.filter(own).values("pk")
    return Application.objects.exclude(pk__in=ids).select_related("persona__operator", "officer")


def waiting_applications(actor: Actor) -> QuerySet[Application]:
    """Returns what waits for an officer, the oldest first; raises Forbidden for others than the desk."""
    require(actor, Permission.READ_DESK)
    return decidable_by(actor).filter(state__in=OFFICER_TURN).order_by("submitted_at")


def application_for_desk(actor: Actor, application_id: uuid.UUID) -> Application:
    """Returns an application in any state; raises Forbidden for others than the desk, NotFound for one's own."""
    require(actor, Permission.READ_DESK)
    found = decidable_by(actor).filter(pk=application_id).first()
    if found is None:
        raise NotFound
    return found


def portraits_sent(application: Application) -> list[Portrait]:
    """Returns the pictures as they were sent, in their order, also those the operator took away since."""
    found = {str(each.pk): each for each in Portrait.kept.filter(pk__in=application.facts.get("portraits", []))}
    return [found[key] for key in application.facts.get("portraits", []) if key in found]
