"""The guardian's answer: grant with a proof, decline, withdraw at any time."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.kit import jobs
from portal.kit.errors import Conflict, Invalid, NotFound, PortalError, Text
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from verification.engines import pictures
from verification.guardians import letters, queries, rules
from verification.guardians.changing import change
from verification.guardians.models import Guardianship, Relation
from verification.guardians.states import GuardianState


def grant(*, actor: Actor, guardianship_id: uuid.UUID, relation: str, note: str, proof: bytes | None, now: datetime) -> Guardianship:
    """Returns the guardianship, granted: the machine compares the faces, then an officer looks at the proof.

    Raises NotFound, Conflict out of turn or for somebody who cannot be the guardian (a code of `rules.UNFIT`), Invalid
    without a relation or any proof, BadPicture for a picture that cannot be used; then nothing is kept.
    """
    require(actor, Permission.ANSWER_LICENCE)
    _answerable(queries.for_guardian(actor, guardianship_id), now)
    if errors := _problems(relation, note, proof):
        raise Invalid(errors=errors)
    kept = files.store(pictures.clean(proof), media_type=pictures.MEDIA_TYPE, kind=Retention.PICTURE) if proof else None
    try:
        return _grant(actor, guardianship_id, relation, note, kept, now)
    except PortalError:
        if kept:
            files.erase_file(kept, now=now)
        raise


@transaction.atomic
def decline(*, actor: Actor, guardianship_id: uuid.UUID, now: datetime) -> Guardianship:
    """Returns the declined guardianship. Raises NotFound or Conflict."""
    require(actor, Permission.ANSWER_LICENCE)
    row = change(_locked(actor, guardianship_id), GuardianState.DECLINED, actor=actor, now=now, ended_at=now)
    letters.tell(row, now=now)
    return row


@transaction.atomic
def withdraw(*, actor: Actor, guardianship_id: uuid.UUID, now: datetime) -> Guardianship:
    """Returns the guardianship, withdrawn at once and without a reason. Raises NotFound or Conflict."""
    require(actor, Permission.ANSWER_LICENCE)
    row = change(_locked(actor, guardianship_id), GuardianState.WITHDRAWN, actor=actor, now=now, ended_at=now)
    letters.tell(row, now=now)
    return row


@transaction.atomic
def _grant(actor: Actor, guardianship_id: uuid.UUID, relation: str, note: str, proof: SealedFile | None, now: datetime) -> Guardianship:
    row = _locked(actor, guardianship_id)
    _answerable(row, now)
    row.note = note.strip() or None
    row.save(update_fields=["note"])
    change(row, GuardianState.GRANTED, actor=actor, now=now, relation=relation, proof=proof, granted_at=now)
    jobs.wake("guardians.compare", row.pk)
    return row


def _locked(actor: Actor, guardianship_id: uuid.UUID) -> Guardianship:
    rows = Guardianship.objects.select_for_update(of=("self",)).select_related("data_key")
    row = rows.filter(pk=guardianship_id, guardian=actor.id).first()
    if row is None:
        raise NotFound
    return row


def _answerable(row: Guardianship, now: datetime) -> None:
    if row.state != GuardianState.OPENED or row.invitation_ends <= now:
        raise Conflict(code="illegal_move")
    if code := rules.unfit(queries.facts(row, row.guardian_id or row.minor_id, now)):
        raise Conflict(rules.UNFIT[code], code=code)


def _problems(relation: str, note: str, proof: bytes | None) -> dict[str, Text]:
    errors: dict[str, Text] = {}
    if relation not in Relation.values:
        errors["relation"] = _("Say what you are to the young person.")
    if len(note) > rules.NOTE:
        errors["note"] = _("Write at most 1,000 characters.")
    if not proof and not note.strip():
        errors["picture"] = _("Add a picture of the proof, or write below how an officer can see that you are the guardian.")
    return errors
