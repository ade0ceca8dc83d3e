"""Trying a receiver: a real, signed webhook about a persona of the sandbox."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.feed.types import EventType
from portal.kit.errors import Invalid, Text
from portal.webhooks import services as webhooks
from portal.webhooks.models import Delivery
from registry.issuing import registry_id as ids
from registry.sandbox import events
from registry.sandbox.cast import BY_ID


def send_event(*, actor: Actor, platform_id: uuid.UUID, registry_id: str, kind: str, now: datetime) -> list[Delivery]:
    """Returns the waiting deliveries of an event of the sandbox to a platform's endpoints, outside the feed and its order.

    `registry_id` as typed. Raises Invalid for an ID that is none of the sandbox's or a type that there is none of, NotFound
    for a platform that is not the actor's, and NobodyListens.
    """
    require(actor, Permission.MANAGE_WEBHOOKS)
    canonical, errors = ids.canonical(registry_id), dict[str, Text]()
    if canonical not in BY_ID:
        errors["registry_id"] = _("This is not a persona of the sandbox.")
    if kind not in set(EventType):
        errors["type"] = _("There is no event of this type.")
    if errors:
        raise Invalid(errors=errors)
    return webhooks.send_event(actor=actor, platform_id=platform_id, payload=events.payload(EventType(kind), str(canonical), now), now=now)
