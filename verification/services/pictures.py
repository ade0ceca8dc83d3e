"""Looking at a picture of a case."""

import uuid
from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require_visible
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import NotFound
from portal.vault.models import SealedFile
from verification import queries


@transaction.atomic
def view_picture(*, actor: Actor, file_id: uuid.UUID, now: datetime) -> SealedFile:
    """Returns the file for its applicant or for a role that reads evidence; the latter leaves a receipt. Raises NotFound."""
    found = queries.case_of_picture(file_id)
    if found is None:
        raise NotFound
    case, slot = found
    owner = actor.is_user(case.user_id)
    require_visible(owner or actor.may(Permission.READ_EVIDENCE))
    if not owner:
        record(Event.EVIDENCE_VIEWED, actor=actor, subject=case, now=now, slot=slot)
    file: SealedFile = getattr(case, f"{slot}_image")
    return file


@transaction.atomic
def view_recording(*, actor: Actor, case_id: uuid.UUID, now: datetime) -> SealedFile:
    """Returns the recording of a case's movements, for a role that reads evidence; it leaves a receipt. Raises NotFound."""
    case = queries.case_for_desk(actor, case_id)
    file: SealedFile | None = case.recording
    if file is None or not actor.may(Permission.READ_EVIDENCE):
        raise NotFound
    record(Event.EVIDENCE_VIEWED, actor=actor, subject=case, now=now, slot="recording")
    return file
