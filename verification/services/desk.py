"""The officer's turn: claim, release, decide; and the end of an identity."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kit.transitions import move
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from verification import letters, queries, rules
from verification.models import Case, FaceTemplate, Identity
from verification.services import outcome, person
from verification.states import MOVES, CaseState

VERDICTS = (CaseState.VERIFIED, CaseState.RETRY, CaseState.REJECTED)


@transaction.atomic
def claim(*, actor: Actor, case_id: uuid.UUID, now: datetime) -> Case:
    """Returns the case, the actor's for 30 minutes; claiming again prolongs.

    Raises Forbidden for the actor's own case and for a person whom the actor rejected before, Conflict if it is taken.
    """
    case = _case(actor, case_id)
    free = Q(officer=None) | Q(officer=actor.id) | Q(claimed_until__lt=now)
    waiting = Case.objects.filter(free, pk=case.pk, state=CaseState.REVIEW)
    if waiting.update(officer=actor.id, claimed_until=now + rules.CLAIM) != 1:
        raise Conflict(_("Another officer is working on this case, or it has been decided."), code="taken")
    record(Event.CASE_CLAIMED, actor=actor, subject=case, now=now)
    case.refresh_from_db(fields=["officer", "claimed_until"])
    return case


@transaction.atomic
def release(*, actor: Actor, case_id: uuid.UUID, now: datetime) -> Case:
    """Returns the case, nobody's again. Raises Conflict if it is not the actor's."""
    case = _case(actor, case_id)
    if Case.objects.filter(pk=case.pk, state=CaseState.REVIEW, officer=actor.id).update(officer=None, claimed_until=None) != 1:
        raise Conflict(_("This case is not yours to release."), code="not_yours")
    record(Event.CASE_RELEASED, actor=actor, subject=case, now=now)
    case.refresh_from_db(fields=["officer", "claimed_until"])
    return case


@transaction.atomic
def decide(*, actor: Actor, case_id: uuid.UUID, verdict: str, reasons: Sequence[str], note: str, now: datetime) -> Case:
    """Returns the decided case. `verdict` is "verified", "retry" or "rejected"; the last two need reasons of `rules.choices`.

    Raises Invalid for reasons that do not fit, Forbidden for an own case, Conflict if it is not claimed by the actor or the
    document number is another account's (`number_in_use`), or nobody met a person whose face was not compared (`meeting_needed`,
    `four_eyes`).
    """
    _check(verdict, reasons)
    case = claimed(actor, case_id)
    if verdict == CaseState.VERIFIED:
        _met(case, actor)
    redo = rules.steps_to_repeat(reasons) if verdict == CaseState.RETRY else []
    decided: dict[str, Any] = {"decided_by_id": actor.id, "decided_at": now, "officer": None, "claimed_until": None}
    move(case, verdict, MOVES, reasons=list(reasons), redo=redo, **decided)
    case.note = note.strip() or None
    case.save(update_fields=["note"])
    if verdict == CaseState.VERIFIED:
        outcome.establish(case, now=now)
    outcome.tell(case, actor=actor, now=now)
    return case


@transaction.atomic
def revoke(*, actor: Actor, user: User, now: datetime) -> None:
    """Ends a verified identity at once and deletes its face template; ending it twice changes nothing. Raises Forbidden."""
    require(actor, Permission.REVOKE)
    if actor.is_user(user.pk):
        raise Forbidden(_("Nobody decides about themselves."), code="own_case")
    identity = Identity.objects.select_for_update(of=("self",)).select_related("case").filter(user=user).first()
    if identity is None:
        raise NotFound
    if identity.revoked_at:
        return
    Identity.objects.filter(pk=identity.pk).update(revoked_at=now)
    FaceTemplate.objects.filter(identity=identity).delete()
    if identity.case.state == CaseState.VERIFIED:
        move(identity.case, CaseState.REVOKED, MOVES)
    record(Event.IDENTITY_REVOKED, actor=actor, subject=identity.case, now=now)
    publish(Topic.PERSON_CHANGED, stream=stream("person", user.pk), now=now, user=str(user.pk))
    letters.tell_revoked(identity.case, to=user, now=now)


def _case(actor: Actor, case_id: uuid.UUID) -> Case:
    """The case, locked, if this officer may decide it: not their own, and not one of a person they rejected before."""
    require(actor, Permission.DECIDE)
    owner = Case.objects.filter(pk=case_id).values_list("user", flat=True).first()
    if owner is None:
        raise NotFound
    if actor.is_user(owner):
        raise Forbidden(_("Nobody decides about themselves."), code="own_case")
    if queries.rejected_by(actor, owner):
        raise Forbidden(_("You rejected this person before; another officer decides this time."), code="rejected_before")
    person.lock(owner)
    return Case.objects.select_for_update(of=("self",)).select_related("data_key", "user").get(pk=case_id)


def claimed(actor: Actor, case_id: uuid.UUID) -> Case:
    """Returns the case, locked, for the officer who has claimed it. Raises NotFound, Forbidden, or Conflict (`not_claimed`)."""
    case = _case(actor, case_id)
    if case.state != CaseState.REVIEW or case.officer_id != actor.id:
        raise Conflict(_("Claim the case before you decide it."), code="not_claimed")
    return case


def _met(case: Case, actor: Actor) -> None:
    """Raises Conflict unless a living face was compared, or another officer has met the person."""
    if not rules.meeting_needed(compared=case.distance is not None, liveness=case.liveness):
        return
    meeting = queries.meetings_held(case).filter(came=True).first()
    if meeting is None or not meeting.same_person:
        raise Conflict(_("No living face was compared. Arrange a video call or an appointment first, and note it."), code="meeting_needed")
    if actor.is_user(meeting.noted_by_id):
        raise Conflict(_("You met the person yourself: another officer decides (four eyes)."), code="four_eyes")


def _check(verdict: str, reasons: Sequence[str]) -> None:
    if verdict not in VERDICTS:
        raise Invalid(errors={"verdict": _("Choose a decision.")})
    allowed = {reason.code for reason in rules.choices(verdict)}
    if not set(reasons) <= allowed:
        raise Invalid(errors={"reasons": _("These reasons do not belong to this decision.")})
    if allowed and not reasons:
        raise Invalid(errors={"reasons": _("Choose at least one reason: the applicant reads it.")})
