"""What the tests of webhooks need: a platform with a proven endpoint, and events in its feed."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from portal.access.actor import CONSOLE, SYSTEM
from portal.accounts.models import Platform
from portal.feed import services as feed
from portal.feed.services import News
from portal.feed.types import EventType
from portal.webhooks import services
from portal.webhooks.models import Endpoint
from tests.cast import EPOCH


def platform(code: str = "live") -> Platform:
    """Returns the platform of this code, which has live access."""
    return Platform.objects.get_or_create(code=code, defaults={"name": code, "created_at": EPOCH, "live_at": EPOCH})[0]


def proven(url: str, *, now: datetime, types: Collection[str] = ()) -> Endpoint:
    """Returns an active endpoint of the platform `live`; its receiver answers the challenge."""
    added, _secrets = services.add(actor=CONSOLE, platform=platform(), url=url, contact="ops@example.org", now=now, types=types)
    return services.prove(actor=CONSOLE, endpoint_id=added.pk, now=now)


def happens(persona: int, kind: EventType = EventType.PERSONA_SUSPENDED, *, now: datetime) -> None:
    """Appends an event of a persona to the feed of the platform `live`."""
    with transaction.atomic():
        feed.append(News(uuid.uuid4(), kind, now, f"VH-0000-0000-{persona:04}", "suspended"), platforms=["live"], now=now)


def relay(endpoint: Endpoint, now: datetime) -> int:
    """Makes out and sends whatever can be sent at `now`; returns how many tries there were. Later in the test than `now` by a
    second for each, so that a pause after trouble is over."""
    while services.make_out(actor=SYSTEM, endpoint_id=endpoint.pk, now=now):
        pass
    tries = 0
    while services.deliver_next(actor=SYSTEM, endpoint_id=endpoint.pk, now=now + timedelta(milliseconds=tries)):
        tries += 1
    return tries
