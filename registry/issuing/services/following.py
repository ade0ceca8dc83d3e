"""Writing down what registrations have become: the relay behind `history`."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.outbox import queries as outbox
from portal.outbox.models import Message
from portal.outbox.services import advance
from registry.issuing import history, queries
from registry.issuing.models import Snapshot

BATCH = 500
TRIES = 5  # of reading facts while nothing new touches the same registration


@dataclass(frozen=True, slots=True)
class _Read:
    """What one look at the outbox found."""

    place: outbox.Place
    messages: list[Message]

    @property
    def is_behind(self) -> bool:
        """Whether more waits than one look reads: facts of now are in advance of these messages."""
        return len(self.messages) == BATCH

    def newer(self) -> "_Read":
        """Returns what has come since, all of it visible now."""
        known = {message.id for message in self.messages}
        seen = outbox.visible_after(self.place, limit=BATCH)
        return _Read(self.place, [message for message in seen if message.id not in known])


def follow(*, actor: Actor, now: datetime) -> bool:
    """Returns whether it got on, and another round may find more. One process at a time (the job's claim).

    A fact holds from the moment of the message that told of its change, not from when that was read. Facts are read as they are
    now, so they are the message's own only if nothing newer touched the registration meanwhile: that is looked at, and where it
    happened the row says so (`Snapshot.unsure_from`). Unsettled messages are read again; what is unchanged leaves no row.
    """
    require(actor, Permission.RUN_JOB)
    place, horizon = outbox.place_of(history.READER), outbox.last_settled()
    read = _Read(place, outbox.visible_after(place, limit=BATCH))
    for registration_id, moments in _touched(read.messages).items():
        _keep(registration_id, moments, read, now)
    settled = [at for message in read.messages if (at := outbox.Place(message.transaction, message.id)) <= horizon]
    if settled:
        advance(history.READER, read=place, to=settled[-1])
    return bool(settled)


def _touched(messages: Iterable[Message]) -> dict[uuid.UUID, list[datetime]]:
    """Which registrations were touched, and when."""
    moments: dict[uuid.UUID, list[datetime]] = {}
    for message in messages:
        for pk in queries.touched_by([message]).values_list("pk", flat=True):
            moments.setdefault(pk, []).append(message.at)
    return moments


def _keep(registration_id: uuid.UUID, moments: list[datetime], read: _Read, now: datetime) -> None:
    present = history.now_of(registration_id)
    for _try in range(TRIES):
        if read.is_behind:
            break
        newer = read.newer()
        since = _touched(newer.messages).get(registration_id, [])
        if not since:
            return _write(registration_id, present, moments, now, sure=True)
        read = _Read(read.place, [*read.messages, *newer.messages])
        moments, present = [*moments, *since], history.now_of(registration_id)
    return _write(registration_id, present, moments, now, sure=False)


@transaction.atomic
def _write(registration_id: uuid.UUID, present: Snapshot, moments: list[datetime], now: datetime, *, sure: bool) -> None:
    last = Snapshot.objects.filter(registration=registration_id).order_by("-since", "-pk").first()
    if last is not None and (last.content, last.answers, last.drives) == (present.content, present.answers, present.drives):
        return
    floor = last.since if last else present.registration.issued_at  # what happened to its people before is not its past
    new = sorted(moment for moment in moments if (moment > floor if last else moment >= floor))
    present.since = max(floor, new[-1] if sure and new else floor if sure else now)
    first = new[0] if new else floor
    present.unsure_from = first if first < present.since else None
    present.seen_at = now
    present.save(force_insert=True)
