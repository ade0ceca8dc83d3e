"""The registry as the gate holds it in memory: facts of the verdict and key digests, nothing about a person.

Loaded once, then followed through the outbox: a message names what changed, and that is loaded again. Reading a fact
takes no lock: each reload puts a whole value in place.
"""

import threading
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, Sum

from portal.accounts.models import ApiKey, Environment
from portal.kit import clock
from portal.outbox import queries as outbox
from registry.issuing import queries as issuing
from registry.issuing.models import Registration
from registry.issuing.verdict import Facts

FRESH = timedelta(seconds=5)  # facts older than this decide nothing


@dataclass(frozen=True, slots=True)
class Key:
    """What the gate knows of an API key."""

    id: uuid.UUID
    platform: str
    scopes: frozenset[str]
    expires_at: datetime | None
    environment: Environment = Environment.LIVE
    networks: tuple[str, ...] = ()  # empty: from anywhere

    def usable(self, now: datetime) -> bool:
        """Whether the key has not run out."""
        return self.expires_at is None or self.expires_at > now


class Projection:
    """Facts by canonical registry ID and keys by digest, `as_of` a moment."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._place = outbox.Place()
        self._seen: set[int] = set()
        self._keys_mark: dict[str, object] = {}
        self.facts: dict[str, Facts] = {}
        self.keys: dict[str, Key] = {}
        self.as_of: datetime | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Whether the facts may decide."""
        return self.as_of is not None and now - self.as_of <= FRESH

    def load(self) -> None:
        """Loads everything. What is committed meanwhile is behind the place and read by the next `follow`."""
        with self._turn:
            started, place = clock.now(), outbox.last_settled()
            self.facts = {facts.registry_id: facts for facts in issuing.facts_for(Registration.objects.all())}
            self._refresh_keys()
            self._place, self._seen, self.as_of = place, set(), started

    def follow(self) -> int:
        """Reads what was published since and loads what it touched; returns how many messages were new."""
        with self._turn:
            started, settled = clock.now(), outbox.last_settled()
            new = [message for message in outbox.visible_after(self._place) if message.id not in self._seen]
            self._refresh_keys()
            if new:
                self.facts |= {facts.registry_id: facts for facts in issuing.facts_for(issuing.touched_by(new))}
            self._seen |= {message.id for message in new}
            if settled > self._place:
                self._place, self._seen = settled, {m.id for m in outbox.visible_after(settled)} & self._seen
            self.as_of = started
            return len(new)

    def _refresh_keys(self) -> None:
        """Keys are few and change seldom: one small question tells whether they did."""
        changes = ("pk", "revoked_at", "platform__live_at")
        mark = ApiKey.objects.aggregate(Sum("version"), Max("created_at"), Max("revoked_at"), *map(Count, changes))
        if mark != self._keys_mark:
            counting = Q(environment=Environment.TEST) | Q(platform__live_at__isnull=False)
            usable = ApiKey.objects.filter(counting, revoked_at=None).select_related("platform")
            self.keys = {row.digest: _known(row) for row in usable}
            self._keys_mark = mark


def _known(row: ApiKey) -> Key:
    where = Environment(row.environment), tuple(row.networks)
    return Key(row.pk, row.platform.code, frozenset(row.scopes), row.expires_at, *where)
