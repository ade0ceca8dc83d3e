"""The operator ends a registration; for thirty days they can take that back."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.kit.errors import Conflict
from portal.outbox.topics import Topic
from registry.issuing import letters, rules
from registry.issuing.models import Act, Registration
from registry.issuing.services.owning import in_being, own, permitted, tell, under_way


@transaction.atomic
def retire(*, actor: Actor, registration_id: uuid.UUID, now: datetime) -> Registration:
    """Returns the retired registration: platforms refuse it with this commit, and its ID is never given to another.

    Raises NotFound, Prohibited, or Conflict for one that has ended or is on its way to another operator.
    """
    registration = own(actor, registration_id)
    in_being(registration)
    permitted(registration, Act.RETIRE)
    if under_way(registration):
        raise Conflict(_("It is on its way to another operator. Cancel the transfer first."), code="transfer_pending")
    registration.retired_at, registration.changed_at = now, now
    registration.save(update_fields=["retired_at", "changed_at"])
    tell(Event.REGISTRATION_RETIRED, Topic.PERSONA_RETIRED, actor, registration, now)
    letters.tell(registration, letters.Kind.RETIRED, now=now)
    return registration


@transaction.atomic
def restore(*, actor: Actor, registration_id: uuid.UUID, now: datetime) -> Registration:
    """Returns the registration as if it had never been retired: its status is whatever the facts say now.

    Raises NotFound, or Conflict after `rules.UNDO`, once it was revoked, and if it is not retired.
    """
    registration = own(actor, registration_id)
    if not rules.can_be_restored(registration.retired_at, registration.revoked_at, now):
        raise Conflict(_("This cannot be undone (any more)."), code="cannot_be_restored")
    registration.retired_at, registration.changed_at = None, now
    registration.save(update_fields=["retired_at", "changed_at"])
    tell(Event.REGISTRATION_RESTORED, Topic.PERSONA_RESTORED, actor, registration, now)
    letters.tell(registration, letters.Kind.RESTORED, now=now)
    return registration
