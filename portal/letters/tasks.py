"""The job of this room: letters that wait to be sent."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal.kit import clock, jobs
from portal.letters import services
from portal.letters.models import Letter


def _unsent(now: datetime) -> Iterable[uuid.UUID]:
    waiting = Letter.objects.filter(sent_at=None, due_at__lte=now, attempts__lt=services.TRIES)
    return waiting.order_by("due_at").values_list("pk", flat=True)


@jobs.job(services.SEND_JOB, find=_unsent)
def send(key: str) -> None:
    """Sends one letter."""
    services.send(letter_id=uuid.UUID(key), now=clock.now())
