"""What an officer does with an application."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.kit.transitions import move
from registry.personas import letters, queries, rules
from registry.personas.models import Application
from registry.personas.states import MOVES, ApplicationState


@transaction.atomic
def claim(*, actor: Actor, application_id: uuid.UUID, now: datetime) -> Application:
    """Returns the application, the actor's for half an hour.

    Raises NotFound for one's own, Forbidden for an appeal against one's own rejection, Conflict if another officer has it.
    """
    application = _for_officer(actor, application_id)
    _not_own_rejection(actor, application)
    until = now + rules.CLAIM_LIFE
    if application.state == ApplicationState.SUBMITTED:
        move(application, ApplicationState.IN_REVIEW, MOVES, officer_id=actor.id, claimed_until=until)
    else:
        _take_over(actor, application, now)
    record(Event.APPLICATION_CLAIMED, actor=actor, subject=application, now=now)
    return application


@transaction.atomic
def release(*, actor: Actor, application_id: uuid.UUID, now: datetime) -> Application:
    """Returns the application, waiting for any officer again; raises NotFound or Conflict."""
    application = _claimed(actor, application_id)
    move(application, ApplicationState.SUBMITTED, MOVES, officer_id=None, claimed_until=None)
    record(Event.APPLICATION_RELEASED, actor=actor, subject=application, now=now)
    return application


@transaction.atomic
def request_changes(*, actor: Actor, application_id: uuid.UUID, reasons: Collection[str], note: str, now: datetime) -> Application:
    """Returns the application, its operator's turn again. Raises NotFound, Conflict, or Invalid without a known reason."""
    application = _claimed(actor, application_id)
    given = _reasons(reasons, note)
    move(application, ApplicationState.CHANGES_REQUESTED, MOVES, reasons=given, note=rules.several_lines(note), claimed_until=None)
    record(Event.APPLICATION_CHANGES_REQUESTED, actor=actor, subject=application, now=now, reasons=given)
    letters.tell(application, now=now)
    return application


@transaction.atomic
def reject(*, actor: Actor, application_id: uuid.UUID, reasons: Collection[str], note: str, now: datetime) -> Application:
    """Returns the rejected application. Raises NotFound, Conflict, or Invalid without a known reason."""
    application = _claimed(actor, application_id)
    given = _reasons(reasons, note)
    _decide(application, ApplicationState.REJECTED, actor, given, note, now)
    record(Event.APPLICATION_REJECTED, actor=actor, subject=application, now=now, reasons=given)
    letters.tell(application, now=now)
    return application


@transaction.atomic
def approve(*, actor: Actor, application_id: uuid.UUID, note: str, now: datetime) -> Application:
    """Returns the approved application; issuing registers it in the same transaction. Raises NotFound or Conflict."""
    application = _claimed(actor, application_id)
    _decide(application, ApplicationState.APPROVED, actor, [], note, now)
    record(Event.APPLICATION_APPROVED, actor=actor, subject=application, now=now)
    return application


def _decide(application: Application, state: ApplicationState, actor: Actor, reasons: list[str], note: str, now: datetime) -> None:
    decision: dict[str, Any] = {"reasons": reasons, "note": rules.several_lines(note), "decided_at": now, "decided_by_id": actor.id}
    move(application, state, MOVES, claimed_until=None, **decision)


def _for_officer(actor: Actor, application_id: uuid.UUID) -> Application:
    require(actor, Permission.DECIDE)
    return queries.application_for_desk(actor, application_id)


def _claimed(actor: Actor, application_id: uuid.UUID) -> Application:
    """Returns the actor's claimed application, locked: a claim that ran out holds until another officer takes over."""
    application = _for_officer(actor, application_id)
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if locked.state == ApplicationState.IN_REVIEW and not actor.is_user(locked.officer_id):
        raise Conflict(code="not_claimed")
    return locked


def _take_over(actor: Actor, application: Application, now: datetime) -> None:
    mine_or_over = Q(officer=actor.id) | Q(officer=None) | Q(claimed_until__lte=now)
    free = Application.objects.filter(mine_or_over, pk=application.pk, state=ApplicationState.IN_REVIEW)
    if not free.update(officer=actor.id, claimed_until=now + rules.CLAIM_LIFE):
        raise Conflict(code="claimed_by_another")
    application.refresh_from_db()


def _not_own_rejection(actor: Actor, application: Application) -> None:
    before = application.persona.applications.filter(state=ApplicationState.REJECTED, submitted_at__lt=application.submitted_at)
    last = before.order_by("-submitted_at").first()
    if last is not None and actor.is_user(last.decided_by_id):
        raise Forbidden(rules.APPEAL, code="own_rejection")


def _reasons(reasons: Collection[str], note: str) -> list[str]:
    given = [code for code in rules.REASONS if code in reasons]
    if not given or set(reasons) - set(rules.REASONS):
        raise Invalid(errors={"reasons": rules.GIVE_A_REASON})
    if "other" in given and not note.strip():
        raise Invalid(errors={"note": rules.SAY_WHICH})
    return given
