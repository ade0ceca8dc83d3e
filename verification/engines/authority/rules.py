"""What follows from an authority's answer: which reasons, whether to ask again, and when. Pure."""

import zlib
from datetime import timedelta

from verification.engines.authority.protocol import Answer, Outcome

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120))  # after the first try, the second, …
JITTER = 0.2  # the largest share that is added to a wait, so that an outage's cases do not all come back at once
AUTHORITY_TRIES = len(WAITS) + 1  # then an officer decides: four hours after the first try, five at most


def backoff(tries: int, *, seed: str) -> timedelta:
    """Returns how long to wait after so many tries (1 or more). The same `seed` (the case) always waits the same."""
    step = min(max(tries, 1), len(WAITS))
    return WAITS[step - 1] * (1 + JITTER * zlib.crc32(f"{seed}:{step}".encode()) / 2**32)


def asks_again(answer: Answer, *, tries: int) -> bool:
    """Returns whether the case waits and asks the same again, after so many tries; if not, the answer stands."""
    return answer.outcome is Outcome.UNAVAILABLE and answer.retryable and tries < AUTHORITY_TRIES


def reasons(answer: Answer | None) -> tuple[str, ...]:
    """Returns the codes of the reason catalogue that an answer adds to a case; None is a case nobody was asked about."""
    if answer is None:
        return ("authority_not_asked",)
    if answer.outcome is Outcome.MATCH:
        return ("authority_face_doubtful",) if answer.doubtful else ()
    return (f"authority_{answer.outcome}",)
