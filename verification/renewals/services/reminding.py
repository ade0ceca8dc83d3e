"""Reminders: each once for one date. The row and its letter are written together; the letter finds its own way."""

import uuid
from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from verification.renewals import letters, queries, rules
from verification.renewals.models import Reminder
from verification.renewals.rules import Remind
from verification.rules import reverify_by
from verification.services import person


@transaction.atomic
def remind(*, actor: Actor, user_id: uuid.UUID, now: datetime) -> Reminder | None:
    """Returns the reminder to confirm the identity, a month or a week before the date; None if it is not due, or written."""
    require(actor, Permission.RUN_JOB)
    person.lock(user_id)
    identity = queries.standing(user_id, now)
    until = reverify_by(identity.confirmed_at) if identity else now
    kind = rules.milestone(until, now)
    return _once(user_id, kind, until, now) if kind else None


@transaction.atomic
def remind_of_end(*, actor: Actor, user_id: uuid.UUID, now: datetime) -> Reminder | None:
    """Returns the reminder that the identity ends; None if it is not due, or written."""
    require(actor, Permission.RUN_JOB)
    person.lock(user_id)
    identity = queries.standing(user_id, now)
    if identity is None or not rules.ends_soon(identity.valid_until, now):
        return None
    return _once(user_id, Remind.END, identity.valid_until, now)


def _once(user_id: uuid.UUID, kind: Remind, until: datetime, now: datetime) -> Reminder | None:
    row, new = Reminder.objects.get_or_create(user_id=user_id, kind=kind, until=until, defaults={"written_at": now})
    if not new:
        return None
    letters.remind(row, now=now)
    return row
