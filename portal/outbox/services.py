"""Publishing: the last line of a write."""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from portal.kit import jobs
from portal.outbox.models import Message, Reader
from portal.outbox.queries import Place
from portal.outbox.topics import Topic

RELAY_JOB = "outbox.relay"  # declared by the room that tells the public


def stream(kind: str, identifier: uuid.UUID) -> str:
    """Returns the name of the stream that keeps the order of one thing's events."""
    return f"{kind}:{identifier}"


def publish(topic: Topic, *, stream: str, now: datetime, **payload: Any) -> Message:
    """Returns the stored message; `payload` is thin (identifiers, no person's data).

    Raises RuntimeError outside a transaction: a message without its change, or the reverse, is a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a message is written in the transaction of the change")
    jobs.wake(RELAY_JOB, RELAY_JOB)
    return Message.objects.create(topic=topic, stream=stream, at=now, payload=payload)


def advance(name: str, *, read: Place, to: Place) -> bool:
    """Whether the relay's place moved from where it was `read`: of two relays at the same messages only one moves it."""
    reader = Reader.objects.filter(name=name, transaction=read.transaction, message=read.id)
    return bool(reader.update(transaction=to.transaction, message=to.id))
