"""The jobs of this room: registrations without a certificate, and certificates that are not yet signed."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal.access.actor import SYSTEM
from portal.kit import clock, jobs
from registry.certificates import queries, services


def _lacking(now: datetime) -> Iterable[uuid.UUID]:
    return queries.lacking(now).values_list("pk", flat=True)


def _unfinished(now: datetime) -> Iterable[uuid.UUID]:
    return queries.unfinished(now).values_list("pk", flat=True)


@jobs.job("certificates.finish", find=_unfinished)
def finish(key: str) -> None:
    """Signs a certificate that was written down, and draws its paper."""
    services.finish(actor=SYSTEM, certificate_id=uuid.UUID(key), now=clock.now())


@jobs.job("certificates.issue", find=_lacking)
def issue(key: str) -> None:
    """Certifies the present version of a registration."""
    row = services.record(actor=SYSTEM, registration_id=uuid.UUID(key), now=clock.now())
    if row is not None:
        finish(str(row.pk))
