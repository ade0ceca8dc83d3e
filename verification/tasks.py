"""The waiting rows of this room, and who works them off. Only the worker imports this module: it loads dlib."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal.kit import clock, jobs
from verification.models import Case
from verification.services import expiry, machine, templates


def _processing(now: datetime) -> Iterable[uuid.UUID]:
    return Case.objects.filter(machine.waits(now)).order_by("submitted_at").values_list("pk", flat=True)


def _without_template(now: datetime) -> Iterable[uuid.UUID]:
    return templates.waiting().order_by("verified_at").values_list("pk", flat=True)


def _ended(now: datetime) -> Iterable[uuid.UUID]:
    return expiry.due(now).order_by("valid_until").values_list("pk", flat=True)


@jobs.job("verification.judge", find=_processing)
def judge(key: str) -> None:
    """Looks at what was submitted with a case, and judges it."""
    machine.judge_case(case_id=uuid.UUID(key), now=clock.now())


@jobs.job("verification.template", find=_without_template)
def template(key: str) -> None:
    """Makes the face template of a person whom an officer verified."""
    templates.keep_template(identity_id=uuid.UUID(key), now=clock.now())


@jobs.job("verification.expire", find=_ended)
def expire(key: str) -> None:
    """Writes down that an identity has ended."""
    expiry.expire(identity_id=uuid.UUID(key), now=clock.now())
