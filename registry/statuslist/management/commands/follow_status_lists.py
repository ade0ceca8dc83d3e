"""`manage.py follow_status_lists`: the process that publishes a change within a second."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from registry.statuslist import relay


class Command(BaseCommand):
    """May be killed at any line and started again, or run twice: one of them works."""

    help = "Follow the registry and keep the status lists signed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until it is asked to stop."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        relay.run(stop)
