"""When keys were used, and how many of their requests came to nothing: noted in memory, written in the background.

A check neither waits for this nor fails by it. What a process has noted in its last seconds goes with it if it is killed;
decisions do not: they stand in the journal before they are answered.
"""

import threading
import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from portal.accounts.models import ApiKey
from registry.gate.models import Failure

SEEN = timedelta(minutes=1)  # a key's last use is written this often at most


class Tallies:
    """What one gate process has noted."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._used: dict[uuid.UUID, datetime] = {}
        self._failed: Counter[tuple[uuid.UUID, date]] = Counter()

    def used(self, key: uuid.UUID, now: datetime) -> None:
        """Notes that a key was used."""
        with self._turn:
            self._used[key] = now

    def failed(self, key: uuid.UUID, now: datetime) -> None:
        """Notes that a request of the key was answered with an error."""
        with self._turn:
            self._failed[key, now.astimezone(UTC).date()] += 1

    def write(self) -> None:
        """Writes what was noted. What cannot be written is noted still, and the error is raised."""
        with self._turn:
            used, failed = self._used, self._failed
            self._used, self._failed = {}, Counter()
        try:
            with transaction.atomic():
                _store(used, failed)
        except Exception:
            with self._turn:
                self._failed.update(failed)
                self._used = used | self._used
            raise


def _store(used: dict[uuid.UUID, datetime], failed: Counter[tuple[uuid.UUID, date]]) -> None:
    for key, at in sorted(used.items()):
        ApiKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=at - SEEN), pk=key).update(last_used_at=at)
    for (key, day), count in sorted(failed.items()):
        row, _made = Failure.objects.get_or_create(key=key, day=day)
        Failure.objects.filter(pk=row.pk).update(count=F("count") + count)
