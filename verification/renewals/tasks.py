"""Jobs of this room: selfies to judge, ends to remind of. Only the worker imports this module: it loads dlib."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal.access.actor import SYSTEM
from portal.kit import clock, jobs
from verification.renewals import queries, services
from verification.renewals.models import Renewal
from verification.renewals.services import machine
from verification.renewals.services.sending import JOB
from verification.renewals.states import RenewalState


def _waiting(now: datetime) -> Iterable[uuid.UUID]:
    return Renewal.objects.filter(state=RenewalState.WAITING).order_by("submitted_at").values_list("pk", flat=True)


def _ending(now: datetime) -> Iterable[uuid.UUID]:
    return queries.ending(now).values_list("user", flat=True)


@jobs.job(JOB, find=_waiting)
def judge(key: str) -> None:
    """Compares a fresh selfie with the kept template."""
    machine.judge(renewal_id=uuid.UUID(key), now=clock.now())


@jobs.job("renewals.ends", find=_ending)
def remind(key: str) -> None:
    """Reminds somebody that their verification ends."""
    services.remind_of_end(actor=SYSTEM, user_id=uuid.UUID(key), now=clock.now())
