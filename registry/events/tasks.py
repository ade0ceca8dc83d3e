"""The job of this room: the outbox, read on behalf of the public."""

from collections.abc import Iterable
from datetime import datetime

from portal.access.actor import SYSTEM
from portal.kit import clock, jobs
from portal.outbox.services import RELAY_JOB
from portal.webhooks import queries as webhooks
from registry.events import queries, services
from registry.issuing import history

ROUNDS = 100  # then it gives way to others; the sweep rings again


def _behind(now: datetime) -> Iterable[str]:
    return [RELAY_JOB] if queries.is_behind(services.READER, now) else []


@jobs.job(RELAY_JOB, find=_behind)
def relay(key: str) -> None:
    """Rings for the history, tells what there is to tell, then rings for the endpoints that have not heard it."""
    jobs.ring(history.JOB, history.JOB)
    for _round in range(ROUNDS):
        if not services.relay(actor=SYSTEM, now=clock.now()):
            break
    for endpoint in webhooks.waiting(clock.now()):
        jobs.ring(webhooks.RELAY_JOB, endpoint)
