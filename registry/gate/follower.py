"""The threads beside a gate: one keeps its projection up to date, one writes down how its keys were used."""

import logging
import threading
from collections.abc import Callable

from django.db import Error, close_old_connections, connection

from portal.kit import clock
from registry.gate.projection import Projection
from registry.gate.server import Gate

log = logging.getLogger(__name__)
PAUSE = 0.2  # seconds between two looks at the outbox
NOTE_PAUSE = 5.0


def start(gate: Gate) -> list[threading.Thread]:
    """Returns the running threads, which end with the process: one follows the registry, one writes what the gate has noted.

    They are two, so that a writer who waits for a lock never lets the facts grow old.
    """
    works = {"gate-follower": (lambda: _look(gate.projection), PAUSE), "gate-notes": (lambda: _note(gate), NOTE_PAUSE)}
    threads = [threading.Thread(target=_run, args=work, name=name, daemon=True) for name, work in works.items()]
    for thread in threads:
        thread.start()
    return threads


def _run(work: Callable[[], None], seconds: float) -> None:
    pause = threading.Event()
    while True:
        work()
        pause.wait(seconds)


def _note(gate: Gate) -> None:
    """Writes when keys were used and what failed; what cannot be written now is written later."""
    try:
        gate.tallies.write()
        gate.buckets.forget(clock.now())
        gate.sandbox.forget(clock.now())
    except Exception:
        log.warning("the gate could not write when keys were used", exc_info=True)
        connection.close()
    finally:
        close_old_connections()


def _look(projection: Projection) -> None:
    """One look. Without the database the facts grow old, and old facts decide nothing."""
    try:
        if projection.as_of is None:
            projection.load()
        projection.follow()
    except Error as error:
        log.warning("the gate cannot follow the registry: %s", error)
        connection.close()
    except Exception:
        log.exception("the gate could not read a change; it loads everything again")
        projection.as_of = None
    finally:
        close_old_connections()
