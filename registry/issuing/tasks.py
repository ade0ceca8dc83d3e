"""The jobs of this room: reminders, transfers that lapse, and the history that follows the outbox.

Operators of live commerce whose identity must be confirmed soon are reminded here: who they are is known here alone.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal.access.actor import SYSTEM
from portal.kit import clock, jobs
from portal.outbox import queries as outbox
from registry.issuing import history, transfers
from registry.issuing import queries as issuing
from registry.issuing import services as registrations
from registry.issuing.queries import live_commerce_owners
from verification.renewals import queries, services

ROUNDS = 20  # then it gives way to others; the sweep rings again


def _unreminded(now: datetime) -> Iterable[uuid.UUID]:
    return queries.unreminded(live_commerce_owners(now), now).values_list("user", flat=True)


@jobs.job("issuing.remind", find=_unreminded)
def remind(key: str) -> None:
    """Reminds an operator to confirm their identity."""
    services.remind(actor=SYSTEM, user_id=uuid.UUID(key), now=clock.now())


def _ending(now: datetime) -> Iterable[uuid.UUID]:
    return issuing.ending(now).values_list("pk", flat=True)


@jobs.job("issuing.remind_end", find=_ending)
def remind_end(key: str) -> None:
    """Reminds an operator that a registration ends soon."""
    registrations.remind(actor=SYSTEM, registration_id=uuid.UUID(key), now=clock.now())


def _lapsing(now: datetime) -> Iterable[uuid.UUID]:
    return transfers.lapsing(now).order_by("ends_at").values_list("pk", flat=True)


@jobs.job("issuing.lapse_transfer", find=_lapsing)
def lapse_transfer(key: str) -> None:
    """Ends a transfer that was not confirmed in time."""
    registrations.lapse_transfer(actor=SYSTEM, transfer_id=uuid.UUID(key), now=clock.now())


def _unread(now: datetime) -> Iterable[str]:
    return [history.JOB] if outbox.visible_after(outbox.place_of(history.READER), limit=1) else []


@jobs.job(history.JOB, find=_unread)
def follow(key: str) -> None:
    """Writes down what registrations have become."""
    for _round in range(ROUNDS):
        if not registrations.follow(actor=SYSTEM, now=clock.now()):
            break
