"""The officer's turn: does the proof show a guardian?"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require, require_visible
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.vault.models import SealedFile
from verification.guardians import letters, queries, rules
from verification.guardians.changing import change
from verification.guardians.models import Guardianship
from verification.guardians.states import GuardianState


@transaction.atomic
def confirm(*, actor: Actor, guardianship_id: uuid.UUID, now: datetime) -> Guardianship:
    """Returns the guardianship, confirmed: from now on the guardian's consent counts.

    Raises Forbidden for what the actor has a part in, Conflict out of turn, before the faces were compared
    (`not_compared`), or for somebody who cannot be the guardian (a code of `rules.UNFIT`).
    """
    row = _decidable(actor, guardianship_id)
    if row.state == GuardianState.GRANTED and row.compared_at is None:
        raise Conflict(_("The machine has not compared the two faces yet. Reload the page in a minute."), code="not_compared")
    if code := rules.unfit(queries.facts(row, row.guardian_id or row.minor_id, now)):
        raise Conflict(rules.UNFIT[code], code=code)
    change(row, GuardianState.CONFIRMED, actor=actor, now=now, decided_by_id=actor.id, decided_at=now)
    letters.tell(row, now=now)
    return row


@transaction.atomic
def refuse(*, actor: Actor, guardianship_id: uuid.UUID, reason: str, now: datetime) -> Guardianship:
    """Returns the guardianship, refused for a reason of `rules.REFUSALS`; one that counted counts no longer.

    Raises Forbidden, Invalid for another reason, Conflict out of turn.
    """
    row = _decidable(actor, guardianship_id)
    if reason not in rules.REFUSALS:
        raise Invalid(errors={"reason": _("Choose one of the reasons listed.")})
    change(row, GuardianState.REFUSED, actor=actor, now=now, decided_by_id=actor.id, decided_at=now, ended_at=now, refusal=reason)
    letters.tell(row, now=now)
    return row


@transaction.atomic
def view_proof(*, actor: Actor, guardianship_id: uuid.UUID, now: datetime) -> SealedFile:
    """Returns the proof for its guardian or for a role that reads evidence; the latter leaves a receipt. Raises NotFound."""
    row = Guardianship.objects.select_related("proof__data_key").filter(pk=guardianship_id, proof__isnull=False).first()
    if row is None or row.proof is None:
        raise NotFound
    own = actor.is_user(row.guardian_id)
    require_visible(own or (actor.may(Permission.READ_EVIDENCE) and not actor.is_user(row.minor_id)))
    if not own:
        record(Event.EVIDENCE_VIEWED, actor=actor, subject=row, now=now, slot="proof")
    return row.proof


def _decidable(actor: Actor, guardianship_id: uuid.UUID) -> Guardianship:
    require(actor, Permission.DECIDE)
    rows = Guardianship.objects.select_for_update(of=("self",)).select_related("data_key")
    row = rows.filter(pk=guardianship_id, granted_at__isnull=False).first()
    if row is None:
        raise NotFound
    if actor.id in (row.minor_id, row.guardian_id):
        raise Forbidden(_("Nobody decides about themselves."), code="own_case")
    return row
