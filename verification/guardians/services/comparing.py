"""The machine's turn: is the guardian another person than the minor? Imported by the worker's tasks alone, as it loads dlib."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from portal.vault import rotation
from verification import queries as verification
from verification.guardians.models import Guardianship
from verification.guardians.rules import BEGINNINGS
from verification.guardians.states import GuardianState
from verification.models import Purpose
from verification.rules import Vector, distance
from verification.services import templates


def waiting() -> QuerySet[Guardianship]:
    """Returns the granted guardianships whose two faces are still to be compared."""
    return Guardianship.objects.filter(state=GuardianState.GRANTED, compared_at=None)


def compare(*, guardianship_id: uuid.UUID, now: datetime) -> None:
    """Writes down how far the two faces lie apart; nothing where one of the two does not consent to comparison.

    The beginning is counted and committed first: after three of them an officer decides without it. Twice changes nothing.
    """
    row = waiting().filter(pk=guardianship_id)
    if not row.update(attempts=F("attempts") + 1):
        return
    found = Guardianship.objects.get(pk=guardianship_id)
    apart = None if found.attempts > BEGINNINGS else _apart(found)
    with transaction.atomic():
        row.update(distance=apart, compared_at=now)


def _apart(row: Guardianship) -> float | None:
    faces = [_face(user) for user in (row.minor_id, row.guardian_id) if user]
    one, other = faces if len(faces) == 2 else (None, None)
    return None if one is None or other is None else distance(one, other)


def _face(user_id: uuid.UUID) -> Vector | None:
    """The kept template, else the face of the latest selfie, turned; None without face consent."""
    if Purpose.FACE not in verification.consents(user_id):
        return None
    kept = verification.template_of(user_id)
    if kept is not None:
        return kept
    case = verification.latest_case(user_id)
    faces = templates.faces_of(case.selfie_image) if case else []
    return rotation.turn(faces[0].template) if faces else None
