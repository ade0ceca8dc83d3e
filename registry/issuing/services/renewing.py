"""Another term for a registration whose facts have not changed; and the mails that ask for it in time."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.kit.errors import Conflict, Text
from portal.outbox.topics import Topic
from registry.issuing import letters, queries, rules
from registry.issuing.models import Registration
from registry.issuing.reasons import REASONS
from registry.issuing.services.owning import own, tell

PROBLEMS: dict[str, Text] = {
    "ended": _("This registration has ended."),
    "not_yet_due": _("It can be renewed from 60 days before its end."),
    "too_late": _("It ended more than 30 days ago. Send the persona to review: an officer renews it."),
    "prohibited": _("The registry has restricted it. Send the persona to review: an officer renews it."),
} | {code: reason.message for code, reason in REASONS.items()}


class RenewalRefused(Conflict):
    """It cannot be renewed without an officer, or not at all; `reasons` are codes."""

    code = "renewal_refused"

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(str(PROBLEMS.get(code, code)) for code in reasons))
        self.reasons = reasons


@transaction.atomic
def renew(*, actor: Actor, registration_id: uuid.UUID, now: datetime) -> Registration:
    """Returns the registration with one more term, from its old end on: whoever renews early loses nothing, late gains nothing.

    No officer is needed, as nothing is new: the operator is verified, the consent stands, nothing holds it, the registry has
    restricted nothing. Raises NotFound, or RenewalRefused with what is missing; then it takes a new application.
    """
    registration = own(actor, registration_id)
    reasons = rules.renewal_problems(queries.facts_of(registration), queries.registry_forbids(registration), now)
    if reasons:
        raise RenewalRefused(reasons)
    before = registration.expires_at
    registration.expires_at, registration.reminded, registration.changed_at = before + rules.TERM, None, now
    registration.save(update_fields=["expires_at", "reminded", "changed_at"])
    until = {"before": before.isoformat(), "after": registration.expires_at.isoformat()}
    tell(Event.REGISTRATION_RENEWED, Topic.PERSONA_RENEWED, actor, registration, now, **until)
    letters.tell(registration, letters.Kind.RENEWED, now=now)
    return registration


@transaction.atomic
def remind(*, actor: Actor, registration_id: uuid.UUID, now: datetime) -> bool:
    """Returns whether the operator was reminded of the end: once for each of `rules.REMINDERS`, however often it is called."""
    require(actor, Permission.RUN_JOB)
    registration = queries.ending(now).select_for_update().filter(pk=registration_id).first()
    days = rules.reminder_due(registration.expires_at, registration.reminded, now) if registration else None
    if registration is None or days is None:
        return False
    Registration.objects.filter(pk=registration.pk).update(reminded=days)
    letters.tell(registration, letters.Kind.ENDING, now=now)
    return True
