"""`python -m tests.registry.events.nursery`: keeps two relays running, a fresh process for each that was killed.

Prints the identifier of each, so that the test can kill it, and `died` for one that ended by itself. It ends with its
standard input. Waits are short: what takes days in life is over in a second.
"""

import os
import signal
import sys
import threading
import time
from datetime import timedelta

import django

RELAYS = 2
_running: set[int] = set()


def main() -> None:
    """Forks the relays and, for each that ends, the next."""
    threading.Thread(target=_end_with_the_test, daemon=True).start()
    while True:
        while len(_running) < RELAYS:
            _fork()
        child, ended = os.wait()
        _running.discard(child)
        if not os.WIFSIGNALED(ended):
            print("died", flush=True)


def _fork() -> None:
    child = os.fork()
    if child == 0:
        _relay()
    _running.add(child)
    print(child, flush=True)


def _end_with_the_test() -> None:
    sys.stdin.read()
    for child in list(_running):
        os.kill(child, signal.SIGKILL)
    os._exit(0)


def _relay() -> None:
    try:
        while True:
            jobs.run_waiting(clock.now())
            time.sleep(0.005)
    finally:
        os._exit(1)


if __name__ == "__main__":
    django.setup()

    from portal.kit import clock, jobs
    from portal.webhooks import rules
    from portal.webhooks import tasks as webhook_tasks  # noqa: F401 - declares its job
    from portal.webhooks.services import relaying
    from registry.events import tasks as event_tasks  # noqa: F401 - declares its job

    rules.SCHEDULE = tuple(timedelta(milliseconds=10 * n) for n in range(60))
    rules.PAUSE_FIRST = rules.PAUSE_MOST = timedelta(milliseconds=10)
    jobs.ring = lambda name, key: None  # no broker here: every relay looks by itself
    relaying.LEASE = timedelta(milliseconds=400)
    main()
