"""The thread that keeps a gate's projection up to date."""

import logging
import threading

from django.db import Error, close_old_connections, connection

from registry.gate.projection import Projection

log = logging.getLogger(__name__)
PAUSE = 0.2  # seconds between two looks at the outbox


def start(projection: Projection) -> threading.Thread:
    """Returns the running thread; it ends with the process."""
    thread = threading.Thread(target=_run, args=(projection,), name="gate-follower", daemon=True)
    thread.start()
    return thread


def _run(projection: Projection) -> None:
    pause = threading.Event()
    while True:
        _look(projection)
        pause.wait(PAUSE)


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
