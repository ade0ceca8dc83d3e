"""The end of an identity's validity."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from portal.access.actor import SYSTEM
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.transitions import move
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from verification import letters
from verification.models import FaceTemplate, Identity
from verification.states import MOVES, CaseState


def due(now: datetime) -> QuerySet[Identity]:
    """Returns the identities whose end has come and whose case does not say so yet."""
    return Identity.objects.filter(revoked_at=None, valid_until__lte=now, case__state=CaseState.VERIFIED)


@transaction.atomic
def expire(*, identity_id: uuid.UUID, now: datetime) -> None:
    """Moves the case of an ended identity to `expired` and deletes the face template.

    Whether somebody is verified never waits for this: see `queries.standing`.
    """
    identity = due(now).select_for_update(of=("self",)).select_related("case__user").filter(pk=identity_id).first()
    if identity is None:
        return
    move(identity.case, CaseState.EXPIRED, MOVES)
    FaceTemplate.objects.filter(identity=identity).delete()
    record(Event.CASE_EXPIRED, actor=SYSTEM, subject=identity.case, now=now)
    publish(Topic.PERSON_CHANGED, stream=stream("person", identity.user_id), now=now, user=str(identity.user_id))
    letters.tell(identity.case, now=now)
