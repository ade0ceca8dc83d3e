"""Sending by hand: an event once more, or a test. Outside the order of its registration, which goes on meanwhile."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.api import limiting
from portal.audit.events import Event
from portal.audit.services import record
from portal.feed import queries as feed
from portal.kit import jobs
from portal.kit.errors import Conflict, NotFound
from portal.webhooks import queries, rules
from portal.webhooks.models import Delivery, Endpoint
from portal.webhooks.states import DeliveryState, EndpointState

TEST = "endpoint.test"


class NobodyListens(Conflict):
    """None of the platform's endpoints would be told."""

    code = "webhook_none_hears"
    title = _("No address hears of this event")
    help = _("Add an address that hears of this type, and prove that it is yours.")


@transaction.atomic
def resend(*, actor: Actor, delivery_id: uuid.UUID, now: datetime) -> Delivery:
    """Returns a new delivery of the same event, under the same `webhook-id`. Raises Conflict while the first still waits, and
    QuotaExceeded."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    found = queries.deliveries_visible_to(actor).select_related("endpoint__platform").filter(pk=delivery_id).first()
    if found is None:
        raise NotFound
    if found.state == DeliveryState.WAITING:
        raise Conflict(code="delivery_waits")
    again = _waiting(found.endpoint, found.event, found.payload, now)
    record(Event.WEBHOOK_RESENT, actor=actor, subject=found.endpoint, now=now, message=found.event)
    return again


@transaction.atomic
def send_test(*, actor: Actor, endpoint_id: uuid.UUID, now: datetime) -> Delivery:
    """Returns the waiting delivery of a test event. Raises Conflict unless the endpoint is active, and QuotaExceeded."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    endpoint = queries.visible_to(actor).select_related("platform").filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotFound
    payload = feed.as_payload(TEST, now, {"registry_id": "VH-0000-0000-0000", "status": "active"})
    return _waiting(endpoint, feed.identifier(uuid.uuid4()), payload, now)


@transaction.atomic
def send_event(*, actor: Actor, platform_id: uuid.UUID, payload: dict[str, Any], now: datetime) -> list[Delivery]:
    """Returns the waiting deliveries of an event that stands in no feed, one for each active endpoint of the platform that
    hears of its type. Raises NotFound, NobodyListens, or QuotaExceeded, and then sends none."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    if not queries.platforms_of(actor).filter(pk=platform_id).exists():
        raise NotFound
    active = Endpoint.objects.filter(platform=platform_id, state=EndpointState.ACTIVE).select_related("platform").order_by("created_at")
    hearing = [each for each in active if not each.types or payload["type"] in each.types]
    if not hearing:
        raise NobodyListens
    event = feed.identifier(uuid.uuid4())
    return [_waiting(each, event, payload, now) for each in hearing]


def _waiting(endpoint: Endpoint, event: str, payload: dict[str, object], now: datetime) -> Delivery:
    if endpoint.state != EndpointState.ACTIVE:
        raise Conflict(code="webhook_not_active")
    limiting.spend(endpoint.platform_id, rules.sends(live=endpoint.platform.live_at is not None), now=now)
    jobs.wake(queries.RELAY_JOB, endpoint.pk)
    return Delivery.objects.create(endpoint=endpoint, event=event, payload=payload, due_at=now, created_at=now)
