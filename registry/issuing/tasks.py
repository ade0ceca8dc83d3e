"""The job of this room: operators of live commerce whose identity must be confirmed soon. Who they are is known here alone."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal.access.actor import SYSTEM
from portal.kit import clock, jobs
from registry.issuing.queries import live_commerce_owners
from verification.renewals import queries, services


def _unreminded(now: datetime) -> Iterable[uuid.UUID]:
    return queries.unreminded(live_commerce_owners(now), now).values_list("user", flat=True)


@jobs.job("issuing.remind", find=_unreminded)
def remind(key: str) -> None:
    """Reminds an operator to confirm their identity."""
    services.remind(actor=SYSTEM, user_id=uuid.UUID(key), now=clock.now())
