"""Whether each part of the stack answers. Says which does not, and nothing else."""

from datetime import datetime, timedelta
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from django.db import DatabaseError, connection

from portal.embedded.models import Heartbeat

OK, FAILING = "ok", "failing"
WORKER_SILENCE = timedelta(seconds=30)
GATE_TIMEOUT = 2.0


def _word(fine: bool) -> str:
    return OK if fine else FAILING


def database() -> str:
    """Returns whether the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return FAILING
    return OK


def worker(name: str, now: datetime) -> str:
    """Returns whether a worker of this name (`worker`, `relays`) wrote its heartbeat within the last 30 seconds."""
    try:
        return _word(Heartbeat.objects.filter(name=name, at__gte=now - WORKER_SILENCE).exists())
    except DatabaseError:
        return FAILING


def gate(url: str) -> str:
    """Returns whether the gate answers at `url`, asked directly, without a proxy."""
    try:
        with build_opener(ProxyHandler({})).open(f"{url}/healthz", timeout=GATE_TIMEOUT) as answer:
            return _word(answer.status == 200)
    except (URLError, OSError, ValueError):
        return FAILING


def checks(now: datetime, gate_url: str) -> dict[str, str]:
    """Returns `ok` or `failing` by part of the stack."""
    return {"database": database(), "worker": worker("worker", now), "relays": worker("relays", now), "gate": gate(gate_url)}
