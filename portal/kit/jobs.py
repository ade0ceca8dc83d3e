"""The only door to Celery. The row is the job; a message is an alarm clock that may ring twice or never.

A room declares, in its `tasks.py`, how to find the rows that wait and what to do with one. A service that leaves a
waiting row behind calls `wake` with the job's name; the sweep rings again for every row still waiting.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from celery import current_app, shared_task
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from portal.kit import clock

log = logging.getLogger(__name__)
SWEEP_LIMIT = 100
RING_EXPIRES = 30  # seconds: the next sweep rings again

Find = Callable[[datetime], Iterable[Any]]
Run = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of waiting row: `find(now)` gives the keys that wait, `run(key)` works one off and may run twice."""

    name: str
    find: Find
    run: Run


_jobs: dict[str, Job] = {}


def job(name: str, *, find: Find) -> Callable[[Run], Run]:
    """Declares the decorated function as the job `name`. Returns it so wrapped that one row is worked on once at a time."""

    def declare(run: Run) -> Run:
        def alone(key: str) -> None:
            with claim(f"{name}:{key}") as mine:
                if mine:
                    run(key)

        alone.__doc__ = run.__doc__
        _jobs[name] = Job(name, find, alone)
        shared_task(name=name, acks_late=True)(alone)
        return alone

    return declare


@contextmanager
def claim(key: str) -> Iterator[bool]:
    """Yields whether this process now is the only one at `key`.

    The claim hangs on the database connection (PostgreSQL advisory lock): a killed worker loses it at once, and no
    transaction stays open while a slow job runs.
    """
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def ring(name: str, key: object) -> None:
    """Sends the message now. A dead broker is logged and forgiven: the sweep finds the row."""
    try:
        current_app.send_task(name, args=[str(key)], expires=RING_EXPIRES, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("job %s could not be rung, the sweep will: %s", name, error)


def wake(name: str, key: object) -> None:
    """Rings for one row once the transaction that wrote it is committed."""
    transaction.on_commit(lambda: ring(name, key))


@shared_task(name="portal.kit.jobs.sweep", expires=5)
def sweep() -> None:
    """Rings for every waiting row of every job, the oldest first."""
    now = clock.now()
    for each in _jobs.values():
        for _, key in zip(range(SWEEP_LIMIT), each.find(now), strict=False):
            ring(each.name, key)


def run_waiting(now: datetime) -> int:
    """Works off, in this process, every row that waits at `now`; returns how many. For commands and tests."""
    waiting = [(each, str(key)) for each in _jobs.values() for key in each.find(now)]
    for each, key in waiting:
        each.run(key)
    return len(waiting)
