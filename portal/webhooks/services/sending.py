"""Sending by hand: an event once more, or a test. Outside the order of its registration, which goes on meanwhile."""

import uuid
from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.feed import queries as feed
from portal.kit import jobs
from portal.kit.errors import Conflict, NotFound
from portal.webhooks import queries
from portal.webhooks.models import Delivery, Endpoint
from portal.webhooks.states import DeliveryState, EndpointState

TEST = "endpoint.test"


@transaction.atomic
def resend(*, actor: Actor, delivery_id: uuid.UUID, now: datetime) -> Delivery:
    """Returns a new delivery of the same event, under the same `webhook-id`. Raises Conflict while the first still waits."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    found = queries.deliveries_visible_to(actor).select_related("endpoint").filter(pk=delivery_id).first()
    if found is None:
        raise NotFound
    if found.state == DeliveryState.WAITING:
        raise Conflict(code="delivery_waits")
    again = _waiting(found.endpoint, found.event, found.payload, now)
    record(Event.WEBHOOK_RESENT, actor=actor, subject=found.endpoint, now=now, message=found.event)
    return again


@transaction.atomic
def send_test(*, actor: Actor, endpoint_id: uuid.UUID, now: datetime) -> Delivery:
    """Returns the waiting delivery of a test event. Raises Conflict unless the endpoint is active."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    endpoint = queries.visible_to(actor).filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotFound
    payload = feed.as_payload(TEST, now, {"registry_id": "VH-0000-0000-0000", "status": "active"})
    return _waiting(endpoint, feed.identifier(uuid.uuid4()), payload, now)


def _waiting(endpoint: Endpoint, event: str, payload: dict[str, object], now: datetime) -> Delivery:
    if endpoint.state != EndpointState.ACTIVE:
        raise Conflict(code="webhook_not_active")
    jobs.wake(queries.RELAY_JOB, endpoint.pk)
    return Delivery.objects.create(endpoint=endpoint, event=event, payload=payload, due_at=now, created_at=now)
