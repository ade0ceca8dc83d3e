"""The desk's own verbs. Each calls one service of the room to which the item belongs; only looking leaves a receipt here."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from registry.desk import queue
from registry.desk.locks import Item
from registry.desk.rules import CHOOSE, NEXT_TRIES, Kind
from registry.issuing import services as issuing
from registry.personas import queries as persona_queries
from registry.personas import services as personas
from registry.personas.models import Application
from registry.personas.states import ApplicationState
from verification import queries as case_queries
from verification import services as verification
from verification.guardians.models import Guardianship
from verification.organisations import queries as organisation_queries
from verification.organisations import services as organisations
from verification.renewals.models import Renewal


def claim(*, actor: Actor, kind: Kind, item_id: uuid.UUID, now: datetime) -> Item:
    """Returns the item, the actor's for half an hour. Raises NotFound, Forbidden, or Conflict if a colleague has it."""
    if kind is Kind.CASE:
        return verification.claim(actor=actor, case_id=item_id, now=now)
    if kind is Kind.ORGANISATION:
        return organisations.claim(actor=actor, organisation_id=item_id, now=now)
    return personas.claim(actor=actor, application_id=item_id, now=now)


def release(*, actor: Actor, kind: Kind, item_id: uuid.UUID, now: datetime) -> Item:
    """Returns the item, nobody's again. Raises NotFound or Conflict."""
    if kind is Kind.CASE:
        return verification.release(actor=actor, case_id=item_id, now=now)
    if kind is Kind.ORGANISATION:
        return organisations.release(actor=actor, organisation_id=item_id, now=now)
    return personas.release(actor=actor, application_id=item_id, now=now)


def claim_next(*, actor: Actor, now: datetime) -> tuple[Kind, uuid.UUID] | None:
    """Returns the oldest unclaimed item that the actor may decide, now claimed; None if there is none. Raises Forbidden."""
    require(actor, Permission.DECIDE)
    for kind, item_id in queue.unclaimed(actor, now)[:NEXT_TRIES]:
        try:
            claim(actor=actor, kind=kind, item_id=item_id, now=now)
        except (Conflict, Forbidden, NotFound):
            continue  # a colleague was faster, or it must be another officer's
        return kind, item_id
    return None


def decide_application(
    *, actor: Actor, application_id: uuid.UUID, verdict: str, reasons: Sequence[str], note: str, now: datetime
) -> Application:
    """Returns the decided application; an approved one is registered. Raises Invalid, NotFound or Conflict."""
    if verdict == ApplicationState.APPROVED:
        issuing.register(actor=actor, application_id=application_id, note=note, now=now)
        return persona_queries.application_for_desk(actor, application_id)
    if verdict == ApplicationState.CHANGES_REQUESTED:
        return personas.request_changes(actor=actor, application_id=application_id, reasons=reasons, note=note, now=now)
    if verdict == ApplicationState.REJECTED:
        return personas.reject(actor=actor, application_id=application_id, reasons=reasons, note=note, now=now)
    raise Invalid(errors={"verdict": CHOOSE})


@transaction.atomic
def open_evidence(*, actor: Actor, kind: Kind, item_id: uuid.UUID, now: datetime) -> Item:
    """Returns the item, and leaves a receipt that the actor looked at what is hidden without a claim.

    Raises Forbidden, or NotFound for one's own.
    """
    require(actor, Permission.READ_EVIDENCE)
    item = _item(actor, kind, item_id)
    record(Event.EVIDENCE_VIEWED, actor=actor, subject=item, now=now, slot="details")
    return item


@transaction.atomic
def look_at(*, actor: Actor, check: Guardianship | Renewal, now: datetime) -> None:
    """Leaves a receipt that the actor looked at a guardianship or a fresh selfie, and at who the person is. Raises Forbidden."""
    require(actor, Permission.READ_EVIDENCE)
    record(Event.EVIDENCE_VIEWED, actor=actor, subject=check, now=now, slot="person")


def _item(actor: Actor, kind: Kind, item_id: uuid.UUID) -> Item:
    if kind is Kind.CASE:
        return case_queries.case_for_desk(actor, item_id)
    if kind is Kind.ORGANISATION:
        return organisation_queries.organisation_for_desk(actor, item_id)
    return persona_queries.application_for_desk(actor, item_id)
