"""The job of this room: should nobody follow the outbox, the worker does, a little later."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.kit import clock, jobs
from registry.statuslist.models import Follower
from registry.statuslist.relay import Relay

LATE = timedelta(seconds=4)


def _unfollowed(now: datetime) -> Iterable[str]:
    return [] if Follower.objects.filter(as_of__gt=now - LATE).exists() else ["all"]


@jobs.job("statuslist.publish", find=_unfollowed)
def publish(key: str) -> None:
    """Reads what the relay has not, and signs what it touched."""
    Relay().look(clock.now())
