"""Telling platforms: the inner events of the outbox, and time, become public events of their feeds.

A status is derived, so it is compared, not passed on: what is told is what the registration is at that moment. Killed at
any line, a relay has either told or not, and the next one compares again.
"""

import logging
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.feed import services as feed
from portal.feed.services import News
from portal.outbox import queries as outbox
from portal.outbox.models import Message
from portal.outbox.services import advance
from registry.events import queries, rules
from registry.events.models import Published
from registry.events.rules import Edge
from registry.issuing import queries as issuing
from registry.issuing.models import Registration
from registry.issuing.registry_id import printed
from registry.issuing.verdict import Facts, Status, next_change, status

READER = "registry.events"
BATCH = 100
AGAIN = timedelta(minutes=1)  # after a comparison that failed

log = logging.getLogger(__name__)


def relay(*, actor: Actor, now: datetime) -> bool:
    """Returns whether it got on, and another round may find more. Compares the registrations that the next messages touch,
    those that are due and those of which nothing was told yet.

    Every message is read until it is settled, so a late commit is not passed over; what was told once is not told again.
    """
    require(actor, Permission.RUN_JOB)
    place, horizon = outbox.place_of(READER), outbox.last_settled()
    messages = outbox.visible_after(place, limit=BATCH)
    touched = list(issuing.touched_by(messages).values_list("pk", "persona")) if messages else []
    for registration, persona in touched:
        _tell_or_owe(registration, _edges(messages, persona), now)
    waiting = list(queries.waiting(now)[:BATCH])
    for registration in waiting:
        _tell_or_owe(registration, [], now)
    settled = [read for message in messages if (read := outbox.Place(message.transaction, message.id)) <= horizon]
    if settled:
        advance(READER, read=place, to=settled[-1])
    return bool(settled or waiting)


def _edges(messages: Iterable[Message], persona: uuid.UUID) -> list[Edge]:
    """What happened to the persona; a persona has one registration, so the message's own identifier tells the event."""
    told = [each for each in messages if each.topic in rules.EDGES and each.payload.get("persona") == str(persona)]
    return [Edge(each.public_id, rules.EDGES[each.topic], each.at) for each in told]


def _tell_or_owe(registration_id: uuid.UUID, edges: Sequence[Edge], now: datetime) -> None:
    """One registration that cannot be compared does not hold up the others; it is tried again, and nothing of it is lost."""
    try:
        tell(registration_id=registration_id, edges=edges, now=now)
    except Exception:
        log.exception("registration %s could not be compared; it is tried again", registration_id)
        with transaction.atomic():
            published = _held(registration_id, now)
            published.owed = [*published.owed, *(edge.as_json() for edge in edges)]
            published.due_at = now + AGAIN
            published.save(update_fields=["owed", "due_at"])


@transaction.atomic
def tell(*, registration_id: uuid.UUID, edges: Sequence[Edge], now: datetime) -> None:
    """Appends what happened and what the registration has become to the feeds of its platforms."""
    published = _held(registration_id, now)
    now = max(now, published.as_of)  # a slower relay's clock does not bring back what is over
    facts = issuing.facts_of(Registration.objects.get(pk=registration_id))
    present = status(facts, now)
    for edge in (*map(Edge.of_json, published.owed), *edges):
        _append(edge, facts, present, published, now)
    kind = rules.became(published.status, present)
    if kind:
        _append(Edge(uuid.uuid4(), kind, now), facts, present, published, now)
    published.status, published.platforms = present, sorted(facts.platforms)
    published.as_of, published.due_at, published.owed = now, next_change(facts, now), []
    published.save()


def _held(registration_id: uuid.UUID, now: datetime) -> Published:
    Published.objects.get_or_create(registration_id=registration_id, defaults={"as_of": now})
    return Published.objects.select_for_update().get(registration_id=registration_id)


def _append(edge: Edge, facts: Facts, present: Status, published: Published, now: datetime) -> None:
    """Platforms that the persona has left hear of it once more."""
    news = News(edge.event, edge.type, edge.at, printed(facts.registry_id), present)
    feed.append(news, platforms=facts.platforms | set(published.platforms), now=now)
