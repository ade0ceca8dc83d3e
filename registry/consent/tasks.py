"""Jobs of this room: invitations that lapse, licences that expire."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal.access.actor import SYSTEM
from portal.kit import clock, jobs
from registry.consent.services import ending


def _lapsing(now: datetime) -> Iterable[uuid.UUID]:
    return ending.lapsing(now).order_by("invitation_ends").values_list("pk", flat=True)


def _expiring(now: datetime) -> Iterable[uuid.UUID]:
    return ending.expiring(now).order_by("ends_on").values_list("pk", flat=True)


@jobs.job("consent.lapse", find=_lapsing)
def lapse(key: str) -> None:
    """Lapses one invitation."""
    ending.lapse(actor=SYSTEM, licence_id=uuid.UUID(key), now=clock.now())


@jobs.job("consent.expire", find=_expiring)
def expire(key: str) -> None:
    """Expires one licence."""
    ending.expire(actor=SYSTEM, licence_id=uuid.UUID(key), now=clock.now())
