"""From the feed to the endpoints. A relay may be killed at any line: what it held is free again when its lease is over, and
until then nothing later of the same registration is sent.
"""

import json
import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.feed import queries as feed
from portal.feed.models import Change
from portal.webhooks import queries, rules, transport
from portal.webhooks.models import Attempt, Delivery, Endpoint
from portal.webhooks.rules import Answer
from portal.webhooks.services.endpoints import stop
from portal.webhooks.signing import headers
from portal.webhooks.states import DeliveryState, EndpointState

BATCH = 200
# Longer than a try can last, the resolver's own time included: only a killed relay loses what it holds.
LEASE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A delivery in this relay's hands: the try that it counts as, and by what it is signed."""

    delivery: Delivery
    number: int
    keys: list[str]


@transaction.atomic
def make_out(*, actor: Actor, endpoint_id: uuid.UUID, now: datetime) -> int:
    """Returns how many changes of the feed were looked at; those the endpoint asked for become deliveries.

    The place in the feed moves in the same transaction, so each change is made out once. An endpoint in another relay's
    hands is left to it, and a platform of the sandbox is told nothing of the registry.
    """
    require(actor, Permission.RUN_JOB)
    held = Endpoint.objects.select_for_update(skip_locked=True, of=("self",)).select_related("platform")
    told = held.filter(state=EndpointState.ACTIVE, position__isnull=False, platform__live_at__isnull=False)
    endpoint = told.filter(pk=endpoint_id).first()
    if endpoint is None:
        return 0
    found = feed.after(endpoint.platform.code, endpoint.position or 0, limit=BATCH)
    wanted = [each for each in found if not endpoint.types or each.type in endpoint.types]
    Delivery.objects.bulk_create(_made_out(endpoint, each, now) for each in wanted)
    if found:
        Endpoint.objects.filter(pk=endpoint.pk).update(position=found[-1].sequence)
    return len(found)


def _made_out(endpoint: Endpoint, change: Change, now: datetime) -> Delivery:
    return Delivery(
        endpoint=endpoint,
        event=feed.identifier(change.event),
        sequence=change.sequence,
        registry_id=change.registry_id,
        payload=feed.told(change),
        due_at=now,
        created_at=now,
    )


def deliver_next(*, actor: Actor, endpoint_id: uuid.UUID, now: datetime) -> bool:
    """Returns whether something was sent, whatever came of it. The try is committed before it is made, and counts though the
    relay should die of it."""
    require(actor, Permission.RUN_JOB)
    held = _claim(endpoint_id, now)
    if held is None:
        return False
    delivery = held.delivery
    body = json.dumps(delivery.payload, ensure_ascii=False)
    signed = headers(delivery.event, body, keys=held.keys, now=now)
    answer = transport.post(delivery.endpoint.url, body.encode(), signed | queries.PLAIN_HEADERS)
    _settle(actor, held, answer, now=now + timedelta(milliseconds=answer.latency), tried_at=now)
    return True


@transaction.atomic
def _claim(endpoint_id: uuid.UUID, now: datetime) -> Held | None:
    """The next delivery whose turn it is, under a lease."""
    free = queries.sendable(now).filter(endpoint_id=endpoint_id, endpoint__in=queries.ready(now))
    delivery = free.select_for_update(skip_locked=True, of=("self",)).select_related("endpoint__platform").first()
    if delivery is None:
        return None
    number = delivery.attempts + 1
    Delivery.objects.filter(pk=delivery.pk).update(attempts=number, leased_until=now + LEASE)
    return Held(delivery, number, queries.signing_keys(delivery.endpoint, now))


@transaction.atomic
def _settle(actor: Actor, held: Held, answer: Answer, *, now: datetime, tried_at: datetime) -> None:
    """Writes down what came of the try. One whose lease ran out meanwhile is only logged: another relay is at it."""
    endpoint = Endpoint.objects.select_for_update().filter(pk=held.delivery.endpoint_id).first()
    if endpoint is None:
        return  # removed while the try was on its way
    text = answer.body.decode("utf-8", "replace").replace("\x00", "")
    said = {"status": answer.status, "error": answer.error, "latency": answer.latency, "response": text}
    Attempt.objects.create(delivery=held.delivery, number=held.number, at=tried_at, **said)
    mine = Delivery.objects.filter(pk=held.delivery.pk, state=DeliveryState.WAITING, attempts=held.number)
    if answer.delivered:
        mine.update(state=DeliveryState.DELIVERED, ended_at=now, leased_until=None)
        Endpoint.objects.filter(pk=endpoint.pk).update(failing_since=None, failures=0, resume_at=None)
        return
    due = rules.next_try(held.number, answer, chance=random.random(), now=now)  # noqa: S311 - spreads retries, guards nothing
    if due:
        mine.update(due_at=due, leased_until=None)
    else:
        mine.update(state=DeliveryState.DEAD, ended_at=now, leased_until=None)
    _failed(actor, endpoint, answer, now)


def _failed(actor: Actor, endpoint: Endpoint, answer: Answer, now: datetime) -> None:
    since, failures = endpoint.failing_since or now, endpoint.failures + 1
    paused = rules.pause(endpoint.failures, answer, now=now)
    Endpoint.objects.filter(pk=endpoint.pk).update(failing_since=since, failures=failures, resume_at=paused)
    reason = rules.ends(answer, since, now)
    if reason and endpoint.state == EndpointState.ACTIVE:
        stop(actor, endpoint, reason, now)
