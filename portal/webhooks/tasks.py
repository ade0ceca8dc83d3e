"""The job of this room: an endpoint for which there is something to do."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.access.actor import SYSTEM
from portal.kit import clock, jobs
from portal.webhooks import queries, services

TURN = timedelta(seconds=20)  # then it gives way to other endpoints; the sweep rings again


def _waiting(now: datetime) -> Iterable[uuid.UUID]:
    return queries.waiting(now)


@jobs.job(queries.RELAY_JOB, find=_waiting)
def relay(key: str) -> None:
    """Makes out what the endpoint has not heard, and sends until nothing is due, the endpoint pauses or its turn is over."""
    endpoint, ends = uuid.UUID(key), clock.now() + TURN
    while services.make_out(actor=SYSTEM, endpoint_id=endpoint, now=clock.now()):
        pass
    while clock.now() < ends and services.deliver_next(actor=SYSTEM, endpoint_id=endpoint, now=clock.now()):
        pass
