"""When a delivery is tried again, and when an endpoint is given up. Pure. Times are the standard's (Standard Webhooks 1.0)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.kit.limits import Quota

# What a platform may have us do. Anybody may open one, and each of these reaches a machine or a mailbox that may be a stranger's.
ENDPOINTS_AT_MOST = 10
_HOUR, _DAY = 3600, 86_400  # seconds
PROOFS = Quota("webhook_proofs", 50, _DAY)
ROTATIONS = Quota("webhook_rotations", 10, _DAY)  # each old secret signs on for a day: a signature more in every header
MAILS = Quota("webhook_mails", 20, _DAY)
_SENT_BY_HAND = {True: Quota("webhook_sends", 1000, _HOUR), False: Quota("webhook_sends", 120, _HOUR)}

# Waits before each try: ten tries in 75.6 hours.
SCHEDULE: tuple[timedelta, ...] = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.1  # at most so much longer: endpoints that came back together are not asked together
GIVE_UP = timedelta(days=3)  # nothing but failures for so long: the address is taken for dead
PAUSE_FIRST, PAUSE_MOST = timedelta(seconds=1), timedelta(minutes=5)
RETRY_AFTER_MOST = timedelta(hours=24)
THROTTLED = frozenset({429, 502, 503, 504})
GONE = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status or, where nothing did, the code of what went wrong; `latency` in milliseconds."""

    status: int | None = None
    error: str = ""
    latency: int = 0
    body: bytes = b""
    retry_after: int | None = None  # seconds

    @property
    def delivered(self) -> bool:
        """Only 2xx is success; a redirection is a failure, never followed."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def throttles(self) -> bool:
        """Whether the endpoint as a whole cannot take more: overloaded, or it did not answer at all."""
        return self.status is None or self.status in THROTTLED


def sends(*, live: bool) -> Quota:
    """Returns how many deliveries a platform may send by hand; one with live access has more to repeat after an outage."""
    return _SENT_BY_HAND[live]


def next_try(attempts: int, answer: Answer, *, chance: float, now: datetime) -> datetime | None:
    """Returns when a delivery that failed `attempts` times is tried again, None when it is given up. `chance` lies in 0…1."""
    if attempts >= len(SCHEDULE):
        return None
    wait: timedelta = SCHEDULE[attempts] * (1 + JITTER * chance)
    return now + max(wait, _asked(answer))


def pause(failures: int, answer: Answer, *, now: datetime) -> datetime | None:
    """Returns until when nothing at all is sent to an endpoint after so many failures in a row; None: no pause."""
    if not answer.throttles:
        return None
    wait: timedelta = min(PAUSE_FIRST * 2 ** min(failures, 20), PAUSE_MOST)
    return now + max(wait, _asked(answer))


def _asked(answer: Answer) -> timedelta:
    """What the endpoint asked for by Retry-After (RFC 9110 §10.2.3), within a day."""
    if answer.retry_after is None or answer.status not in (429, 503):
        return timedelta(0)
    return min(timedelta(seconds=answer.retry_after), RETRY_AFTER_MOST)


def ends(answer: Answer, failing_since: datetime, now: datetime) -> str:
    """Returns why an endpoint is disabled after this failure, "" if it is not: it says it is gone, or failed for days."""
    if answer.status == GONE:
        return "gone"
    return "failing" if now - failing_since >= GIVE_UP else ""
