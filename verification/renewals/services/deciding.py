"""The officer's turn: is this the same person?"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require, require_visible
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, NotFound
from portal.kit.transitions import move
from portal.vault.models import SealedFile
from verification.renewals import letters, queries
from verification.renewals.confirming import renew
from verification.renewals.models import Renewal
from verification.renewals.states import MOVES, RenewalState
from verification.services import person


@transaction.atomic
def confirm(*, actor: Actor, renewal_id: uuid.UUID, now: datetime) -> Renewal:
    """Returns the confirmed selfie; the identity's six months begin anew.

    Raises Forbidden for the actor's own, Conflict out of turn or for an identity that does not stand any more.
    """
    row = _decidable(actor, renewal_id)
    identity = queries.standing(row.user_id, now)
    if identity is None:
        raise Conflict(_("The identity does not stand any more."), code="no_identity")
    move(row, RenewalState.CONFIRMED, MOVES, decided_by_id=actor.id, decided_at=now)
    renew(identity, row, actor=actor, now=now)
    letters.tell(row, now=now)
    return row


@transaction.atomic
def refuse(*, actor: Actor, renewal_id: uuid.UUID, now: datetime) -> Renewal:
    """Returns the refused selfie: the identity stands and its clock runs on, and only the document confirms it now.

    Raises Forbidden for the actor's own, Conflict out of turn.
    """
    row = _decidable(actor, renewal_id)
    move(row, RenewalState.REFUSED, MOVES, decided_by_id=actor.id, decided_at=now, reasons=["face_mismatch"])
    record(Event.RENEWAL_REFUSED, actor=actor, subject=row, now=now)
    letters.tell(row, now=now)
    return row


@transaction.atomic
def view_picture(*, actor: Actor, renewal_id: uuid.UUID, now: datetime) -> SealedFile:
    """Returns the selfie for its holder or for a role that reads evidence; the latter leaves a receipt. Raises NotFound."""
    row = Renewal.objects.select_related("picture__data_key").filter(pk=renewal_id, picture__isnull=False).first()
    if row is None or row.picture is None:
        raise NotFound
    own = actor.is_user(row.user_id)
    require_visible(own or actor.may(Permission.READ_EVIDENCE))
    if not own:
        record(Event.EVIDENCE_VIEWED, actor=actor, subject=row, now=now, slot="selfie")
    return row.picture


@transaction.atomic
def view_recording(*, actor: Actor, renewal_id: uuid.UUID, now: datetime) -> SealedFile:
    """Returns the recording of the movements, for a role that reads evidence; it leaves a receipt. Raises NotFound."""
    row = queries.for_desk(actor, renewal_id)
    if row.recording is None or not actor.may(Permission.READ_EVIDENCE):
        raise NotFound
    record(Event.EVIDENCE_VIEWED, actor=actor, subject=row, now=now, slot="recording")
    return row.recording


def _decidable(actor: Actor, renewal_id: uuid.UUID) -> Renewal:
    require(actor, Permission.DECIDE)
    owner = Renewal.objects.filter(pk=renewal_id).values_list("user", flat=True).first()
    if owner is None:
        raise NotFound
    if actor.is_user(owner):
        raise Forbidden(_("Nobody decides about themselves."), code="own_case")
    person.lock(owner)
    row = Renewal.objects.select_for_update(of=("self",)).select_related("user").get(pk=renewal_id)
    if row.state != RenewalState.REVIEW:
        raise Conflict(code="illegal_move")
    return row
