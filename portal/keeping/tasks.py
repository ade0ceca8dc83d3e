"""The daily purge. Beat asks every minute whether it is due, so that a day the machine was off is caught up."""

from celery import shared_task

from portal.access.actor import SYSTEM
from portal.keeping import purging
from portal.kit import clock


@shared_task(name="portal.keeping.tasks.purge", expires=50)
def purge() -> None:
    """Purges if a day has passed since the last time."""
    now = clock.now()
    if purging.is_due(now):
        purging.purge(actor=SYSTEM, now=now)
