"""Sending a persona to review, and sending it again."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid
from portal.kit.transitions import move
from registry.personas import likeness, queries, rules
from registry.personas.models import Application, Persona, Portrait, Portrayed
from registry.personas.rules import ConsentEvidence, Text
from registry.personas.services.owning import own
from registry.personas.states import MOVES, OFFICER_TURN, ApplicationState
from verification import queries as identities


def missing(persona: Persona, evidence: ConsentEvidence, now: datetime) -> dict[str, Text]:
    """Returns everything that keeps the persona from review; empty if nothing does."""
    return rules.missing(
        queries.details_of(persona),
        portraits=persona.portraits.count(),
        unchecked=persona.portraits.filter(checked_at=None).count(),
        operator=queries.answered_for(persona.operator, now),
        creator=_verified(persona.created_by_id, now),
        evidence=evidence,
    )


@transaction.atomic
def submit(*, actor: Actor, persona: Persona, evidence: ConsentEvidence, now: datetime) -> Application:
    """Returns the application, new or sent again after changes were requested.

    Raises NotFound, Conflict while one is with the officers, Invalid with everything that is missing.
    """
    persona = own(actor, persona.pk)
    last = queries.latest_application(persona)
    if last is not None and last.state in OFFICER_TURN:
        raise Conflict(code="already_submitted")
    absent = missing(persona, evidence, now)
    if absent:
        raise Invalid(" ".join(str(text) for text in absent.values()), code="incomplete", errors=absent)
    application = _sent(last, persona, actor, _of_face(persona, evidence), now)
    _flag(persona, application.portrayed_user_id)
    record(Event.APPLICATION_SUBMITTED, actor=actor, subject=application, now=now, persona=str(persona.pk))
    return application


def _sent(last: Application | None, persona: Persona, actor: Actor, face: dict[str, Any], now: datetime) -> Application:
    sent: dict[str, Any] = {"facts": queries.snapshot(persona), "submitted_by_id": actor.id, "submitted_at": now, **face}
    if last is not None and last.state == ApplicationState.CHANGES_REQUESTED:
        return move(last, ApplicationState.SUBMITTED, MOVES, officer=None, claimed_until=None, **sent)
    return Application.objects.create(persona=persona, **sent)


def _of_face(persona: Persona, evidence: ConsentEvidence) -> dict[str, Any]:
    if persona.portrayed == Portrayed.SELF and persona.created_by_id:
        return {"portrayed_user_id": persona.created_by_id, "face_distance": likeness.nearest_distance(persona, persona.created_by_id)}
    if persona.portrayed == Portrayed.OTHER:
        return {"portrayed_user_id": evidence.portrayed_user, "face_distance": evidence.distance}
    return {"portrayed_user_id": None, "face_distance": None}


def _flag(persona: Persona, named: uuid.UUID | None) -> None:
    """Compares every portrait once more: who is meant, and who is verified, may have become known since its check."""
    portraits = list(persona.portraits.select_related("persona"))
    for portrait in portraits:
        portrait.flags = likeness.flags_of(portrait, named)
    Portrait.objects.bulk_update(portraits, ["flags"])


def _verified(user_id: uuid.UUID | None, now: datetime) -> bool:
    return user_id is not None and identities.standing(user_id, now).verified
