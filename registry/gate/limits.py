"""How often one key may ask: a bucket of tokens for each, in this process, filled as time goes by."""

import threading
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from portal.kit import limits
from portal.kit.limits import Quota

MINUTE = 60
SANDBOX = 120  # requests a minute of a platform in the sandbox: anybody may open one, and each answer is journalled for good


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether a request may go on, and what the answer tells about the limit."""

    allowed: bool
    headers: dict[str, str]
    retry_after: int  # seconds


class Buckets:
    """One bucket for each key, or whatever shares one. Unused for a minute it is full, so that only the busy ones are kept."""

    def __init__(self, limit: int) -> None:
        self.quota = Quota("minute", limit, MINUTE)
        self._turn = threading.Lock()
        self._held: dict[Hashable, tuple[float, datetime]] = {}  # tokens left, and when that was so

    def take(self, key: Hashable, now: datetime) -> Taken:
        """Returns whether `key` may send one more request at `now`, and counts it."""
        limit, rate = self.quota.limit, self.quota.limit / MINUTE  # tokens, tokens a second
        with self._turn:
            left, at = self._held.get(key, (float(limit), now))
            left = min(float(limit), left + max(0.0, (now - at).total_seconds()) * rate)
            allowed = left >= 1
            left -= allowed
            self._held[key] = left, max(now, at)
        wait = (1 - left) / rate if left < 1 else (limit - left) / rate
        told = limits.headers(self.quota, left, wait)
        return Taken(allowed, told, int(told.get("Retry-After", "0")))

    def forget(self, now: datetime) -> None:
        """Drops the buckets that are full again."""
        with self._turn:
            full = [key for key, (_left, at) in self._held.items() if (now - at).total_seconds() >= MINUTE]
            for key in full:
                del self._held[key]
