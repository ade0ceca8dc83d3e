"""Jobs of this room: portraits that wait for their check."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal.kit import clock, jobs
from registry.personas import checking
from registry.personas.models import Portrait
from registry.personas.services.portraits import CHECK_JOB


def _unchecked(now: datetime) -> Iterable[uuid.UUID]:
    return Portrait.objects.filter(checked_at=None).order_by("added_at").values_list("pk", flat=True)


@jobs.job(CHECK_JOB, find=_unchecked)
def check_portrait(key: str) -> None:
    """Checks one portrait."""
    checking.check_portrait(portrait_id=uuid.UUID(key), now=clock.now())
