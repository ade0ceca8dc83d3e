"""Forbidding what may be done to a registration, and allowing it again: each side its own, the other cannot lift it."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.kit.errors import Conflict
from portal.outbox.topics import Topic
from registry.issuing import grounds
from registry.issuing.models import Act, Prohibition, Registration, Side
from registry.issuing.services.owning import foreign, in_being, known, locked, own, tell, touch


@transaction.atomic
def prohibit(*, actor: Actor, registration_id: uuid.UUID, side: Side, act: Act, now: datetime, reason: str = "") -> Prohibition:
    """Returns the prohibition. Of the registry's, `reason` is one of `grounds.PROHIBITION`; the holder gives none.

    Raises NotFound, Forbidden for an officer with a part in it, Invalid for an unknown reason, Conflict if it stands already
    or the registration has ended.
    """
    registration = _of_side(actor, registration_id, side)
    in_being(registration)
    if side is Side.REGISTRY:
        known(reason, grounds.PROHIBITION)
    if registration.prohibitions.filter(side=side, act=act, lifted_at=None).exists():
        raise Conflict(_("This is forbidden already."), code="prohibited_already")
    founded = reason if side is Side.REGISTRY else ""
    row = Prohibition.objects.create(registration=registration, side=side, act=act, reason=founded, set_by_id=actor.id, set_at=now)
    touch(registration, now)
    told = {"side": side.value, "act": act.value, **({"reason": founded} if founded else {})}
    tell(Event.PROHIBITION_SET, Topic.REGISTRATION_CHANGED, actor, registration, now, **told)
    return row


@transaction.atomic
def lift_prohibition(*, actor: Actor, registration_id: uuid.UUID, side: Side, act: Act, now: datetime) -> None:
    """Allows it again. Raises NotFound, Forbidden for an officer with a part in it, Conflict if it is not forbidden by this side."""
    registration = _of_side(actor, registration_id, side)
    row = registration.prohibitions.filter(side=side, act=act, lifted_at=None).first()
    if row is None:
        raise Conflict(_("This is not forbidden."), code="not_prohibited")
    row.lifted_at, row.lifted_by_id = now, actor.id
    row.save(update_fields=["lifted_at", "lifted_by"])
    touch(registration, now)
    tell(Event.PROHIBITION_LIFTED, Topic.REGISTRATION_CHANGED, actor, registration, now, side=side.value, act=act.value)


def _of_side(actor: Actor, registration_id: uuid.UUID, side: Side) -> Registration:
    if side is Side.HOLDER:
        return own(actor, registration_id)
    require(actor, Permission.PLACE_OFFICER_HOLD)
    return foreign(actor, locked(registration_id))
