"""Legal holds: placed and lifted by an administrator, on an authority's order."""

import uuid
from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.services import record
from portal.keeping.models import LegalHold
from portal.kit.errors import NotFound


@transaction.atomic
def place_legal_hold(*, actor: Actor, user: User, reference: str, now: datetime) -> LegalHold:
    """Returns the hold under the order `reference`; placing it twice changes nothing."""
    require(actor, Permission.MANAGE_ACCOUNTS)
    hold, placed = LegalHold.standing.get_or_create(user=user, reference=reference, defaults={"placed_at": now})
    if placed:
        record(Event.LEGAL_HOLD_PLACED, actor=actor, subject=hold, now=now)
    return hold


@transaction.atomic
def lift_legal_hold(*, actor: Actor, user: User, reference: str, now: datetime) -> None:
    """Ends the hold under the order `reference`; the clocks have gone on meanwhile. Raises NotFound."""
    require(actor, Permission.MANAGE_ACCOUNTS)
    hold = LegalHold.standing.select_for_update().filter(user=user, reference=reference).first()
    if hold is None:
        raise NotFound
    LegalHold.objects.filter(pk=hold.pk).update(lifted_at=now)
    record(Event.LEGAL_HOLD_LIFTED, actor=actor, subject=hold, now=now)


def held(user_id: uuid.UUID) -> bool:
    """Returns whether an order stands to keep what there is of the account."""
    return LegalHold.standing.filter(user=user_id).exists()
