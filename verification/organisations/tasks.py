"""What time ends in this room, and who writes it down."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal.kit import clock, jobs
from verification.organisations.services import ending


def _over(now: datetime) -> Iterable[uuid.UUID]:
    lapsing = ending.lapsing(now).values_list("pk", flat=True)
    return lapsing.union(ending.ending(now).values_list("pk", flat=True))


def _expiring(now: datetime) -> Iterable[uuid.UUID]:
    return ending.expiring(now).order_by("valid_until").values_list("pk", flat=True)


@jobs.job("organisations.mandate", find=_over)
def end_mandate(key: str) -> None:
    """Ends a mandate or an invitation whose time has come."""
    ending.end_by_time(mandate_id=uuid.UUID(key), now=clock.now())


@jobs.job("organisations.expire", find=_expiring)
def expire(key: str) -> None:
    """Writes down that the verification of an organisation has ended."""
    ending.expire(organisation_id=uuid.UUID(key), now=clock.now())
