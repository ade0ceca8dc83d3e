"""From the computer to a phone and back: a link that opens once, for taking pictures and nothing else."""

import hashlib
import secrets
import uuid
from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor, Kind
from portal.access.guard import require
from portal.access.roles import Permission, Role
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import NotFound
from verification import rules
from verification.models import Case, Handoff
from verification.services.applicant import own_turn
from verification.states import APPLICANT_TURN


@transaction.atomic
def hand_off(*, actor: Actor, case: Case, now: datetime) -> tuple[Handoff, str]:
    """Returns the new handoff and, this once, its token. An earlier one of the case is closed. Raises NotFound or Conflict."""
    require(actor, Permission.VERIFY_SELF)
    mine = own_turn(actor, case.pk)
    Handoff.objects.filter(case=mine, closed_at=None).update(closed_at=now)
    token = secrets.token_urlsafe(32)
    handoff = Handoff.objects.create(case=mine, digest=_digest(token), created_at=now, expires_at=now + rules.HANDOFF_OPEN)
    return handoff, token


def waiting(token: str, now: datetime) -> Handoff | None:
    """Returns the handoff that this token can still open."""
    found = Handoff.objects.select_related("case__user").filter(digest=_digest(token), opened_at=None, closed_at=None, expires_at__gt=now)
    return found.filter(case__state__in=APPLICANT_TURN).first()


@transaction.atomic
def take_over(*, actor: Actor, token: str, now: datetime) -> Handoff:
    """Returns the handoff, opened by this phone for half an hour. Raises NotFound for a token that opens nothing, or no longer.

    Whoever holds the token may be nobody we know: it is the token that is asked, once.
    """
    handoff = waiting(token, now)
    if handoff is None:
        raise NotFound
    opened = Handoff.objects.filter(pk=handoff.pk, opened_at=None, closed_at=None, expires_at__gt=now)
    if opened.update(opened_at=now, expires_at=now + rules.HANDOFF_LASTS) != 1:
        raise NotFound
    record(Event.CASE_HANDED_OFF, actor=actor, subject=handoff.case, now=now)
    return handoff


@transaction.atomic
def hand_back(*, actor: Actor, handoff_id: uuid.UUID, now: datetime) -> None:
    """Closes the handoff: the phone takes no more pictures. Closing it twice changes nothing."""
    require(actor, Permission.TAKE_PICTURES)
    Handoff.objects.filter(pk=handoff_id, case__user=actor.id, closed_at=None).update(closed_at=now)


def phone(handoff_id: str, now: datetime, request_id: str = "") -> tuple[Actor, Case] | None:
    """Returns who acts on a phone that opened this handoff, and the case; None once it is over."""
    found = Handoff.objects.select_related("case__data_key").filter(
        pk=handoff_id, opened_at__isnull=False, closed_at=None, expires_at__gt=now, case__state__in=APPLICANT_TURN
    )
    handoff = found.first()
    if handoff is None:
        return None
    return Actor(Kind.USER, handoff.case.user_id, frozenset({Role.PHONE}), request_id), handoff.case


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
