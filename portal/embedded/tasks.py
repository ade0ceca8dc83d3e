"""The workers' signs of life."""

from celery import shared_task
from celery.signals import worker_ready

from portal.embedded.models import Heartbeat
from portal.kit import clock


@shared_task(name="portal.embedded.tasks.beat", expires=30)
def beat() -> None:
    """Writes down that the scheduler, the broker, a worker and the database work together."""
    _write("worker")


@shared_task(name="portal.embedded.tasks.beat_relays", expires=30)
def beat_relays() -> None:
    """Writes the same down of the worker of the relays: the settings route it there."""
    _write("relays")


def _write(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


@worker_ready.connect
def beat_at_once(**_: object) -> None:
    """A worker that has just started shows it without waiting for the scheduler."""
    beat.delay()
    beat_relays.delay()
