"""The officer's turn: claim, release, decide; and the end of what was verified. No machine decides here."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import Operator, OperatorKind
from portal.accounts.queries import member_ids
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kit.transitions import move
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from verification.organisations import letters, rules
from verification.organisations.models import Organisation, Role
from verification.organisations.services import mandates
from verification.organisations.services.owning import lock
from verification.organisations.states import MOVES, OrganisationState

EVENTS = {
    OrganisationState.VERIFIED: Event.ORGANISATION_VERIFIED,
    OrganisationState.CHANGES_REQUESTED: Event.ORGANISATION_CHANGES_REQUESTED,
    OrganisationState.REJECTED: Event.ORGANISATION_REJECTED,
}


class CodeInUse(Conflict):
    """Another organisation is verified with the same code."""

    code = "code_in_use"
    help = _("Another organisation is verified with this code. Revoke that one first, or reject this filing.")


@transaction.atomic
def claim(*, actor: Actor, organisation_id: uuid.UUID, now: datetime) -> Organisation:
    """Returns the organisation, the actor's for 30 minutes; claiming again prolongs.

    Raises Forbidden for the actor's own and for one the actor rejected before, Conflict if it is taken.
    """
    found = _foreign(actor, organisation_id)
    free = Q(officer=None) | Q(officer=actor.id) | Q(claimed_until__lt=now)
    waiting = Organisation.objects.filter(free, pk=found.pk, state=OrganisationState.REVIEW)
    if waiting.update(officer=actor.id, claimed_until=now + rules.CLAIM) != 1:
        raise Conflict(_("Another officer is working on this organisation, or it has been decided."), code="taken")
    record(Event.ORGANISATION_CLAIMED, actor=actor, subject=found, now=now)
    found.refresh_from_db(fields=["officer", "claimed_until"])
    return found


@transaction.atomic
def release(*, actor: Actor, organisation_id: uuid.UUID, now: datetime) -> Organisation:
    """Returns the organisation, nobody's again. Raises Conflict if it is not the actor's."""
    found = _foreign(actor, organisation_id)
    held = Organisation.objects.filter(pk=found.pk, state=OrganisationState.REVIEW, officer=actor.id)
    if held.update(officer=None, claimed_until=None) != 1:
        raise Conflict(_("This organisation is not yours to release."), code="not_yours")
    record(Event.ORGANISATION_RELEASED, actor=actor, subject=found, now=now)
    found.refresh_from_db(fields=["officer", "claimed_until"])
    return found


@transaction.atomic
def decide(*, actor: Actor, organisation_id: uuid.UUID, verdict: str, reasons: Sequence[str], note: str, now: datetime) -> Organisation:
    """Returns the decided organisation. `verdict` is "verified", "changes_requested" or "rejected"; the last two need reasons.

    Raises Invalid for reasons that do not fit or a licence that has run out, Forbidden for the actor's own, Conflict if it
    is not claimed by the actor, CodeInUse.
    """
    found = _foreign(actor, organisation_id)
    _check(verdict, reasons)
    if not actor.is_user(found.officer_id):
        raise Conflict(_("Claim the organisation before you decide it."), code="not_claimed")
    rejected_by = {"rejected_by_id": actor.id} if verdict == OrganisationState.REJECTED else {}
    decided: dict[str, Any] = {"decided_by_id": actor.id, "decided_at": now, "officer": None, "claimed_until": None, **rejected_by}
    move(found, verdict, MOVES, reasons=list(reasons), **decided)
    found.note = note.strip() or None
    found.save(update_fields=["note"])
    if verdict == OrganisationState.VERIFIED:
        _establish(found, actor, now)
    record(EVENTS[OrganisationState(verdict)], actor=actor, subject=found, now=now, reasons=list(reasons))
    if verdict == OrganisationState.VERIFIED:
        mandates.let_in(found, found.filed_by, Role.OWNER, by=actor, now=now)
        tell_operator(found, now)
    letters.tell(found, now=now)
    return found


@transaction.atomic
def revoke(*, actor: Actor, organisation_id: uuid.UUID, reason: str, now: datetime) -> Organisation:
    """Ends what was verified at once, whatever is under way. Raises Forbidden, Invalid, or Conflict where nothing stands."""
    require(actor, Permission.REVOKE)
    found = _foreign(actor, organisation_id, appeal=False)
    if reason not in rules.TO_REVOKE:
        raise Invalid(errors={"reason": _("Choose one of the reasons listed.")})
    if found.verified_at is None or found.revoked_at is not None:
        raise Conflict(code="nothing_to_revoke")
    change: dict[str, Any] = {"revoked_at": now, "officer": None, "claimed_until": None, "decided_by_id": actor.id, "decided_at": now}
    move(found, OrganisationState.REVOKED, MOVES, reasons=[reason], **change)
    record(Event.ORGANISATION_REVOKED, actor=actor, subject=found, now=now, reason=reason)
    tell_operator(found, now)
    letters.tell(found, now=now)
    return found


def tell_operator(organisation: Organisation, now: datetime) -> None:
    """Tells everybody who holds facts of its personas that who answers for them may have changed."""
    if organisation.operator_id is not None:
        publish(
            Topic.OPERATOR_CHANGED, stream=stream("operator", organisation.operator_id), now=now, operator=str(organisation.operator_id)
        )


def _foreign(actor: Actor, organisation_id: uuid.UUID, *, appeal: bool = True) -> Organisation:
    """The organisation, locked, if this officer may decide it: not their own, and not one that they rejected before."""
    require(actor, Permission.DECIDE)
    if not Organisation.objects.filter(pk=organisation_id, submitted_at__isnull=False).exists():
        raise NotFound
    found = lock(organisation_id)
    acts = found.operator_id is not None and actor.id in member_ids(found.operator_id)
    if acts or actor.is_user(found.filed_by_id):
        raise Forbidden(_("Nobody decides about themselves."), code="own_case")
    if appeal and actor.is_user(found.rejected_by_id):
        raise Forbidden(_("You rejected this organisation before; another officer decides this time."), code="rejected_before")
    return found


def _check(verdict: str, reasons: Sequence[str]) -> None:
    if verdict not in EVENTS:
        raise Invalid(errors={"verdict": _("Choose a decision.")})
    allowed = rules.choices(verdict)
    if not set(reasons) <= set(allowed):
        raise Invalid(errors={"reasons": _("These reasons do not belong to this decision.")})
    if allowed and not reasons:
        raise Invalid(errors={"reasons": _("Choose at least one reason: the applicant reads it.")})


def _establish(found: Organisation, actor: Actor, now: datetime) -> None:
    """A verified organisation is an operator."""
    until = rules.valid_until(found.licence_until, now)
    if until <= now:
        raise Invalid(errors={"verdict": _("The licence has run out: request changes.")})
    if found.operator_id is None:
        found.operator = Operator.objects.create(kind=OperatorKind.ORGANISATION, created_at=now)
        record(Event.OPERATOR_CREATED, actor=actor, subject=found.operator, now=now, kind=OperatorKind.ORGANISATION)
    found.public_name, found.verified_at, found.valid_until, found.revoked_at = found.name, now, until, None
    try:
        with transaction.atomic():
            found.save(update_fields=["operator", "public_name", "verified_at", "valid_until", "revoked_at"])
    except IntegrityError as error:
        raise CodeInUse from error
