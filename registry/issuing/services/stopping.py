"""Stopping a registration, for a time or for good."""

import uuid
from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.kit.errors import Conflict, Forbidden
from portal.outbox.topics import Topic
from registry.issuing import grounds, letters
from registry.issuing.models import Hold, Party, Registration
from registry.issuing.services.owning import foreign, known, locked, own, tell, touch

OFFICER_PARTIES = frozenset({Party.OFFICER, Party.LABEL, Party.LEGAL})


@transaction.atomic
def place_hold(*, actor: Actor, registration_id: uuid.UUID, party: Party, reason: str, note: str, now: datetime) -> Hold:
    """Returns the hold of this party; the registration is suspended at once. Raises Conflict if the party holds already,
    Invalid for a reason that is none of `grounds`."""
    registration = _of_party(actor, registration_id, party)
    known(reason, grounds.HOLD.get(party, {}))
    if registration.holds.filter(party=party, lifted_at=None).exists():
        raise Conflict(code="already_held")
    hold = Hold.objects.create(registration=registration, party=party, reason=reason, note=note, placed_by_id=actor.id, placed_at=now)
    touch(registration, now)
    tell(Event.HOLD_PLACED, Topic.PERSONA_SUSPENDED, actor, registration, now, party=party, reason=reason)
    if party in OFFICER_PARTIES:
        letters.tell(registration, letters.Kind.HOLD_PLACED, now=now, hold=hold)
    return hold


@transaction.atomic
def lift_hold(*, actor: Actor, registration_id: uuid.UUID, party: Party, now: datetime) -> None:
    """Ends the hold of this party. Raises Conflict if there is none."""
    registration = _of_party(actor, registration_id, party)
    hold = registration.holds.filter(party=party, lifted_at=None).first()
    if hold is None:
        raise Conflict(code="not_held")
    hold.lifted_at, hold.lifted_by_id = now, actor.id
    hold.save(update_fields=["lifted_at", "lifted_by"])
    touch(registration, now)
    tell(Event.HOLD_LIFTED, Topic.PERSONA_RESTORED, actor, registration, now, party=party)
    if party in OFFICER_PARTIES:
        letters.tell(registration, letters.Kind.HOLD_LIFTED, now=now, hold=hold)


@transaction.atomic
def revoke(*, actor: Actor, registration_id: uuid.UUID, reason: str, now: datetime) -> Registration:
    """Ends a registration for good, by an officer who has no part in it."""
    require(actor, Permission.REVOKE)
    registration = foreign(actor, locked(registration_id))
    known(reason, grounds.REVOCATION)
    if registration.revoked_at:
        raise Conflict(code="revoked_already")
    registration.revoked_at, registration.revoked_reason, registration.changed_at = now, reason, now
    registration.save(update_fields=["revoked_at", "revoked_reason", "changed_at"])
    tell(Event.REGISTRATION_REVOKED, Topic.PERSONA_REVOKED, actor, registration, now, reason=reason)
    letters.tell(registration, letters.Kind.REVOKED, now=now)
    return registration


def _of_party(actor: Actor, registration_id: uuid.UUID, party: Party) -> Registration:
    """Returns the locked registration if the actor may speak for the party; operators see only their own."""
    if party in OFFICER_PARTIES:
        require(actor, Permission.PLACE_OFFICER_HOLD)
        return foreign(actor, locked(registration_id))
    registration = own(actor, registration_id)
    if party is not Party.OPERATOR:
        raise Forbidden
    return registration
