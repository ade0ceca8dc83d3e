"""The ends: a mandate by either side or by time, an invitation unanswered, a verification that runs out."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from portal.access.actor import SYSTEM, Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.transitions import move
from verification.organisations import letters, queries
from verification.organisations.models import Mandate, Organisation, Role
from verification.organisations.services import mandates
from verification.organisations.services.deciding import tell_operator
from verification.organisations.states import MANDATE_MOVES, MOVES, MandateState, OrganisationState

EVENTS = {
    MandateState.TAKEN_BACK: Event.MANDATE_TAKEN_BACK,
    MandateState.LAPSED: Event.MANDATE_LAPSED,
    MandateState.WITHDRAWN: Event.MANDATE_WITHDRAWN,
    MandateState.LAID_DOWN: Event.MANDATE_LAID_DOWN,
    MandateState.ENDED: Event.MANDATE_ENDED,
}


@transaction.atomic
def end_mandate(*, actor: Actor, organisation: Organisation, mandate_id: uuid.UUID, now: datetime) -> Mandate:
    """Returns the ended mandate: an invitation taken back, a mandate withdrawn by an owner or laid down by its agent.

    Raises NotFound for a stranger, or Conflict for one that has ended.
    """
    require(actor, Permission.VERIFY_SELF)
    seen = queries.organisation_for(actor, organisation.pk)
    mandate = _locked(queries.mandate_for(actor, seen, mandate_id).pk)
    if mandate.state == MandateState.INVITED:
        return _end(mandate, MandateState.TAKEN_BACK, actor, now)
    return _end(mandate, MandateState.LAID_DOWN if actor.is_user(mandate.user_id) else MandateState.WITHDRAWN, actor, now)


def lapsing(now: datetime) -> QuerySet[Mandate]:
    """Returns the invitations that nobody accepted in time."""
    return Mandate.objects.filter(state=MandateState.INVITED, invitation_ends__lte=now)


def ending(now: datetime) -> QuerySet[Mandate]:
    """Returns the mandates whose term is over and that do not say so yet."""
    return Mandate.objects.filter(state=MandateState.STANDING, until__lte=now)


def expiring(now: datetime) -> QuerySet[Organisation]:
    """Returns the verified organisations whose end has come and that do not say so yet."""
    return Organisation.objects.filter(state=OrganisationState.VERIFIED, valid_until__lte=now)


@transaction.atomic
def end_by_time(*, mandate_id: uuid.UUID, now: datetime) -> None:
    """Moves an unanswered invitation to `lapsed`, a mandate past its term to `ended`. Nothing waits for it: both are derived."""
    mandate = _locked(mandate_id)
    if lapsing(now).filter(pk=mandate.pk).exists():
        _end(mandate, MandateState.LAPSED, SYSTEM, now)
    elif ending(now).filter(pk=mandate.pk).exists():
        _end(mandate, MandateState.ENDED, SYSTEM, now)


@transaction.atomic
def expire(*, organisation_id: uuid.UUID, now: datetime) -> None:
    """Moves a verified organisation past its end to `expired`. Whether it counts never waits for this."""
    found = expiring(now).select_for_update(of=("self",)).select_related("filed_by").filter(pk=organisation_id).first()
    if found is None:
        return
    move(found, OrganisationState.EXPIRED, MOVES)
    record(Event.ORGANISATION_EXPIRED, actor=SYSTEM, subject=found, now=now)
    tell_operator(found, now)
    letters.tell(found, now=now)


def _locked(mandate_id: uuid.UUID) -> Mandate:
    rows = Mandate.objects.select_for_update(of=("self",)).select_related("organisation", "data_key", "user")
    return rows.get(pk=mandate_id)


def _end(mandate: Mandate, state: MandateState, actor: Actor, now: datetime) -> Mandate:
    stood = mandate.state == MandateState.STANDING
    move(mandate, state, MANDATE_MOVES, ended_at=now, token_digest="")
    if stood:
        mandates.close_for(mandate)
    record(EVENTS[state], actor=actor, subject=mandate, now=now, organisation=str(mandate.organisation_id))
    if stood:
        tell_operator(mandate.organisation, now)
        letters.tell_end(mandate, to=_told(mandate), now=now)
    return mandate


def _told(mandate: Mandate) -> list[User]:
    """Who was sent away is told; where the agent leaves, or time ends it, the owners are, and the agent of an ended term."""
    owners = mandate.organisation.mandates.filter(state=MandateState.STANDING, role=Role.OWNER).select_related("user")
    those = [] if mandate.state == MandateState.WITHDRAWN else [each.user for each in owners if each.user]
    agent = [mandate.user] if mandate.user and mandate.state != MandateState.LAID_DOWN else []
    return [*agent, *those]
