"""From the outbox to the lists: what a change touched is derived anew, and what that touched is signed."""

import logging
import threading
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import Error, connection

from portal.kit import clock, jobs
from portal.outbox import queries as outbox
from registry.issuing import queries as issuing
from registry.statuslist import queries, services
from registry.statuslist.models import Follower, StatusList

log = logging.getLogger(__name__)
PAUSE = 0.2  # seconds between two looks at the outbox
SLICE = 200  # registrations of one transaction
BACKGROUND = 100  # entries of one look that are derived anew only because it is their turn


class Relay:
    """One reader of the outbox. Its place is a row; what it has read beyond that it remembers itself, and who comes after
    it reads it once more, which changes nothing."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def look(self, now: datetime) -> int:
        """Reads what is new and publishes what it changed; returns how many lists were signed. One process at a time looks.

        A list is only ever signed after everything that was committed before has been read: a token's `iat` is the truth.
        """
        with jobs.claim("statuslist.relay") as mine:
            if not mine:
                return 0
            self._follow(now)
            waiting = list(queries.unsigned(now).values_list("pk", flat=True))
            for list_id in waiting:
                services.sign(list_id=list_id, now=now)
            return len(waiting)

    def _follow(self, now: datetime) -> None:
        settled = outbox.last_settled()
        row = Follower.objects.first() or self._begin(now)
        place = outbox.Place(row.transaction, row.message)
        new = [message for message in outbox.visible_after(place) if message.id not in self._seen]
        touched = issuing.touched_by(new).values_list("pk", flat=True) if new else []
        for keys in _slices(touched):
            for key in keys:
                services.allocate(registration_id=key, now=now)
            services.derive(registration_ids=keys, now=now)
        self._by_time(now)
        self._seen |= {message.id for message in new}
        if settled > place:
            place = settled
            self._seen &= {message.id for message in outbox.visible_after(settled)}
        row.transaction, row.message, row.as_of = place.transaction, place.id, now
        row.save()

    def _begin(self, now: datetime) -> Follower:
        """The first look of all: every registration gets its entry; what is published meanwhile is read afterwards."""
        place = outbox.last_settled()
        for key in queries.without_entry().values_list("pk", flat=True).iterator():
            services.allocate(registration_id=key, now=now)
        if not StatusList.objects.exists():
            StatusList.objects.create(created_at=now, dirty_since=now)
        return Follower(transaction=place.transaction, message=place.id)

    def _by_time(self, now: datetime) -> None:
        turns = queries.stale(now).values_list("registration", flat=True)[:BACKGROUND]
        for keys in (*_slices(queries.due(now).values_list("registration", flat=True)), *_slices(turns)):
            services.derive(registration_ids=keys, now=now)


def _slices(keys: Iterable[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    rest = iter(list(keys))
    while some := list(islice(rest, SLICE)):
        yield some


def run(stop: threading.Event) -> None:
    """Looks until `stop` is set. Without the database nothing is signed, and old tokens run out."""
    relay = Relay()
    while not stop.wait(PAUSE):
        try:
            relay.look(clock.now())
        except Error as error:
            log.warning("the status lists cannot follow the registry: %s", error)
            connection.close()
        except Exception:
            log.exception("the status lists could not be published; the next look tries again")
            connection.close()
