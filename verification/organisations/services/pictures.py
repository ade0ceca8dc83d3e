"""Looking at a picture of an organisation's filing."""

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
from verification.organisations import queries


@transaction.atomic
def view_picture(*, actor: Actor, file_id: uuid.UUID, now: datetime) -> SealedFile:
    """Returns the file for an owner or for a role that reads evidence; the latter leaves a receipt. Raises NotFound."""
    found = queries.organisation_of_picture(file_id)
    if found is None:
        raise NotFound
    mine = queries.visible_to(actor).filter(pk=found.pk).exists() and queries.owns(actor, found)
    require_visible(mine or actor.may(Permission.READ_EVIDENCE))
    slot = "licence" if found.licence_image_id == file_id else "letter"
    if not mine:
        record(Event.EVIDENCE_VIEWED, actor=actor, subject=found, now=now, slot=slot)
    file = queries.picture_of(found, slot)
    if file is None:
        raise NotFound
    return file
