"""A platform asks what was true."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Invalid
from registry.issuing import history
from registry.issuing.errors import PersonaUnknown
from registry.issuing.models import Registration
from registry.issuing.past import Past
from registry.issuing.verdict import Ask


@transaction.atomic
def look_back(*, actor: Actor, registration: Registration, platform: str, moment: datetime, now: datetime, ask: Ask | None = None) -> Past:
    """Returns what was true at `moment` of a registration that is or then was for the platform; that it was asked stays on the
    trail. Of others a platform reads the public record.

    Raises Invalid for a moment in the future, NotYetRegistered, PersonaUnknown for a registration that is for other platforms.
    """
    require(actor, Permission.ASK_GATE)
    if moment > now:
        raise Invalid(code="parameters_invalid", errors={"at": _("This moment has not come yet.")})
    mine = platform in registration.facts.get("platforms", ())
    if not mine and moment < registration.issued_at:
        raise PersonaUnknown
    found = history.at(registration, moment)
    if not mine and platform not in found.facts.platforms:
        raise PersonaUnknown
    asked = {"platform": ask.platform, "activity": ask.activity} if ask else {}
    record(Event.PAST_READ, actor=actor, subject=registration, now=now, moment=moment.isoformat(), **asked)
    return found
