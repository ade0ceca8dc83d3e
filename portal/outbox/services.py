"""Publishing: the last line of a write."""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from portal.outbox.models import Message
from portal.outbox.topics import Topic


def stream(kind: str, identifier: uuid.UUID) -> str:
    """Returns the name of the stream that keeps the order of one thing's events."""
    return f"{kind}:{identifier}"


def publish(topic: Topic, *, stream: str, now: datetime, **payload: Any) -> Message:
    """Returns the stored message; `payload` is thin (identifiers, no person's data).

    Raises RuntimeError outside a transaction: a message without its change, or the reverse, is a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a message is written in the transaction of the change")
    return Message.objects.create(topic=topic, stream=stream, at=now, payload=payload)
