"""Writing to the trail, in the transaction of the change it records."""

import hashlib
import json
import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol

from django.db import connection

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.audit.models import Entry


class Subject(Protocol):
    """Anything with a random primary key; its model's label is the subject's kind."""

    pk: Any
    _meta: ClassVar[Any]


def digest(entry: Entry) -> str:
    """Returns the SHA-256 of the entry's content and of the digest before it, as hexadecimal."""
    content = [
        entry.previous,
        entry.at.isoformat(timespec="microseconds"),
        entry.event,
        entry.actor_kind,
        str(entry.actor_id or ""),
        entry.subject_kind,
        str(entry.subject_id),
        entry.sequence,
        entry.data,
        entry.request_id,
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def record(event: Event, *, actor: Actor, subject: Subject, now: datetime, **data: Any) -> Entry:
    """Returns the new entry. `data` is JSON, by value, and names no person.

    Raises RuntimeError outside a transaction: a receipt without its change, or the reverse, is a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the trail is written in the transaction of the change")
    kind, identifier = subject._meta.label_lower, uuid.UUID(str(subject.pk))
    _queue_behind_others(identifier)
    last = Entry.objects.filter(subject_kind=kind, subject_id=identifier).order_by("-sequence").first()
    entry = Entry(
        at=now.astimezone(tz=UTC),
        event=event,
        actor_kind=actor.kind,
        actor_id=actor.id,
        subject_kind=kind,
        subject_id=identifier,
        sequence=last.sequence + 1 if last else 1,
        data=data,
        request_id=actor.request_id,
        previous=last.digest if last else "",
    )
    entry.digest = digest(entry)
    entry.save(force_insert=True)
    return entry


def _queue_behind_others(identifier: uuid.UUID) -> None:
    """Two writers on one subject take turns until their transactions end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [identifier.int >> 65])
