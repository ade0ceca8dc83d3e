"""The end that a person sets: the consent to the processing is taken back, and with it all that rested on it."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.audit.services import record
from portal.keeping.services import held
from portal.kit.transitions import move
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from portal.vault import files
from portal.vault.models import SealedFile
from verification import declared, keeping, letters
from verification.models import Case, Identity
from verification.services import consents, person
from verification.states import MOVES, OPEN, CaseState


def take_back_processing(*, actor: Actor, now: datetime) -> bool:
    """Returns whether there was anything to end: the consents, the identity, what is under way. Doing it again changes nothing.

    Pictures and the face template go at once. What was decided stays sealed for three years (`verification.retention`);
    what was not decided is emptied. No role is asked for: what was given can be taken back as easily (PIPL art. 15, 47).
    The document's number is free again, unless an officer revoked the identity: then it stays taken as long as the record.
    """
    user_id = person.own_id(actor)
    with transaction.atomic():
        person.lock_own(actor)
        ended = consents.end_all(actor=actor, now=now)
        cases = list(_cases(user_id))
        gone = [] if held(user_id) else keeping.erase_pictures(cases, now=now)
        moved = [case for case in cases if _close(case, actor, now)]
        stood = _end_identity(user_id, now)
        gone += declared.forget_person(actor, now)
        if moved:
            letters.tell(moved[0], now=now)
        if stood:
            publish(Topic.PERSON_CHANGED, stream=stream("person", user_id), now=now, user=str(user_id))
    _drop(gone)
    return bool(ended or gone or moved or stood)


def _cases(user_id: uuid.UUID) -> list[Case]:
    """The person's cases, locked, the latest first."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("user", "data_key").filter(user=user_id)
    return list(rows.order_by("-created_at"))


def _close(case: Case, actor: Actor, now: datetime) -> bool:
    """Whether the case ends by this. One under way is emptied: nothing was decided that a record would have to show."""
    under_way = case.state in OPEN
    if not under_way and case.state != CaseState.VERIFIED:
        return False
    changes: dict[str, Any] = {"officer": None, "claimed_until": None, "redo": []}
    move(case, CaseState.WITHDRAWN, MOVES, **changes, decided_at=None if under_way else case.decided_at)
    if under_way and not held(case.user_id):
        keeping.empty(case, now=now)
    record(Event.CASE_WITHDRAWN, actor=actor, subject=case, now=now)
    return True


def _end_identity(user_id: uuid.UUID, now: datetime) -> bool:
    """Whether an identity ended. One that an officer revoked stays: its number is not to be verified under another account."""
    identity = Identity.objects.select_for_update(of=("self",)).select_related("data_key").filter(user=user_id, revoked_at=None).first()
    if identity is None:
        return False
    files.erase(identity.data_key, now=now)
    identity.delete()
    return True


def _drop(gone: list[SealedFile]) -> None:
    for file in gone:
        files.drop(file)
