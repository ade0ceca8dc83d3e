"""The code that a national register gave the persona, beside our own ID."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.kit.errors import Conflict, Invalid
from portal.outbox.topics import Topic
from registry.issuing.models import Registration
from registry.issuing.rules import is_code
from registry.issuing.services.owning import foreign, locked, tell


@transaction.atomic
def set_national_code(*, actor: Actor, registration_id: uuid.UUID, code: str, now: datetime) -> Registration:
    """Returns the registration with the code set, corrected, or (an empty one) taken away. It is public, and so is its trail.

    Raises NotFound, Forbidden for an officer with a part in it, Invalid, Conflict if it is the present one.
    """
    require(actor, Permission.DECIDE)
    registration = foreign(actor, locked(registration_id))
    given = code.strip() or None
    if given is not None and not is_code(given):
        raise Invalid(errors={"code": _("Enter 1 to 64 letters, digits and signs of the Latin alphabet.")})
    before = registration.national_code
    if given == before:
        raise Conflict(_("This is the present code."), code="same_code")
    registration.national_code, registration.changed_at = given, now
    registration.save(update_fields=["national_code", "changed_at"])
    tell(Event.NATIONAL_CODE_SET, Topic.REGISTRATION_CHANGED, actor, registration, now, before=before, after=given)
    return registration
