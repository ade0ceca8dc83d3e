"""The outbox: complete and in order, whatever the order in which transactions end."""

import threading
import time
from datetime import datetime

import pytest
from django.db import connection, transaction

from portal.outbox import queries
from portal.outbox.models import Message
from portal.outbox.services import publish
from portal.outbox.topics import Topic

pytestmark = pytest.mark.django_db(transaction=True)


def say(now: datetime, name: str) -> Message:
    """Returns a message of its own transaction."""
    with transaction.atomic():
        return publish(Topic.PERSONA_UPDATED, stream=f"persona:{name}", now=now, name=name)


def beginning(now: datetime) -> queries.Place:
    """Returns the place behind everything that was said so far."""
    last = say(now, "before")
    return queries.Place(last.transaction, last.id)


def settled(start: queries.Place, count: int) -> list[Message]:
    """Returns the messages behind the start once nothing older runs in the whole server: other tests share it."""
    deadline = time.monotonic() + 20
    while len(read := queries.after(start)) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    return read


def test_messages_come_in_order_and_once(now: datetime) -> None:
    start = beginning(now)
    sent = [say(now, name) for name in "abc"]
    read = settled(start, 3)
    assert [message.id for message in read] == [message.id for message in sent]
    assert queries.after(queries.Place(read[-1].transaction, read[-1].id)) == []


def test_a_transaction_that_ends_late_is_not_skipped(now: datetime) -> None:
    start = beginning(now)
    begun, may_end = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            publish(Topic.PERSONA_UPDATED, stream="persona:late", now=now, name="late")
            begun.set()
            may_end.wait(10)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    assert begun.wait(10)
    say(now, "early")
    assert queries.after(start) == []  # the early one waits for the late one
    assert [message.payload["name"] for message in queries.visible_after(start)] == ["early"]
    may_end.set()
    thread.join()
    assert [message.payload["name"] for message in settled(start, 2)] == ["late", "early"]


def test_no_message_without_the_transaction_of_its_change(now: datetime) -> None:
    with pytest.raises(RuntimeError):
        publish(Topic.PERSONA_UPDATED, stream="persona:x", now=now)
