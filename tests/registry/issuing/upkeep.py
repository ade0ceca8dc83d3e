"""What the tests of a registration's upkeep have in common."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.audit.models import Entry
from registry.issuing import services
from registry.issuing.models import Act, Prohibition, Registration, Side

Actors = Callable[[User], Actor]
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)


def happened(registration: Registration) -> list[str]:
    """Returns the events on the registration's trail."""
    return list(Entry.objects.filter(subject_id=registration.pk).order_by("id").values_list("event", flat=True))


def forbid(registration: Registration, actor: Actor, act: Act, now: datetime) -> Prohibition:
    """Lets an officer forbid something."""
    where: dict[str, Any] = {"registration_id": registration.pk, "side": Side.REGISTRY, "act": act}
    return services.prohibit(actor=actor, reason="dispute", now=now, **where)
