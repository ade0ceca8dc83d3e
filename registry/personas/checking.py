"""The machine's look at a portrait. Belongs to the worker: it loads the face library."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F

from portal.access.actor import SYSTEM
from portal.audit.events import Event
from portal.audit.services import record
from portal.vault.rotation import turn
from registry.personas import likeness, rules
from registry.personas.models import Portrait, Portrayed
from verification.engines import face


def check_portrait(*, portrait_id: uuid.UUID, now: datetime) -> None:
    """Finds the face in a waiting portrait, keeps its vector and flags what an officer should see. May run twice.

    The beginning is counted before the work: a picture that kills the worker three times is passed on unchecked.
    """
    waiting = Portrait.objects.filter(pk=portrait_id, checked_at=None)
    waiting.update(attempts=F("attempts") + 1)
    portrait = waiting.select_related("persona", "file__data_key").first()
    if portrait is None:
        return
    if portrait.attempts > rules.MAX_CHECKS:
        portrait.flags = [rules.Flag.CHECK_FAILED]
    else:
        _look(portrait)
    portrait.flags = likeness.flags_of(portrait, _named(portrait))
    _keep(portrait, now)


def _look(portrait: Portrait) -> None:
    found = face.faces_in(portrait.file.read())
    counted = face.prominent(found) if found else []
    portrait.flags = rules.flags_of_picture(len(counted))
    portrait.vector = turn(found[0].template).tolist() if found else None


def _named(portrait: Portrait) -> uuid.UUID | None:
    """Returns who is known to be meant now; somebody else than the creator is compared when the persona is sent."""
    return portrait.persona.created_by_id if portrait.persona.portrayed == Portrayed.SELF else None


@transaction.atomic
def _keep(portrait: Portrait, now: datetime) -> None:
    # Compared with the persona as it was read: if its operator says meanwhile that it shows somebody else, the row waits again.
    unchanged = Portrait.objects.filter(pk=portrait.pk, checked_at=None, persona__portrayed=portrait.persona.portrayed)
    if unchanged.update(checked_at=now, flags=portrait.flags, vector=portrait.vector):
        record(Event.PORTRAIT_CHECKED, actor=SYSTEM, subject=portrait, now=now, flags=[str(flag) for flag in portrait.flags])
