"""Jobs of this room: faces to compare, invitations that lapse. Only the worker imports this module: it loads dlib."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal.access.actor import SYSTEM
from portal.kit import clock, jobs
from verification.guardians.services import comparing, inviting


def _comparing(now: datetime) -> Iterable[uuid.UUID]:
    return comparing.waiting().order_by("granted_at").values_list("pk", flat=True)


def _lapsing(now: datetime) -> Iterable[uuid.UUID]:
    return inviting.lapsing(now).order_by("invitation_ends").values_list("pk", flat=True)


@jobs.job("guardians.compare", find=_comparing)
def compare(key: str) -> None:
    """Compares the faces of a guardian and a minor."""
    comparing.compare(guardianship_id=uuid.UUID(key), now=clock.now())


@jobs.job("guardians.lapse", find=_lapsing)
def lapse(key: str) -> None:
    """Lapses one invitation."""
    inviting.lapse(actor=SYSTEM, guardianship_id=uuid.UUID(key), now=clock.now())
