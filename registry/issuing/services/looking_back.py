"""An officer or an auditor asks what was true."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Invalid, NotFound
from registry.issuing import history
from registry.issuing.models import Registration
from registry.issuing.past import Past
from registry.issuing.verdict import Ask


@transaction.atomic
def look_back(*, actor: Actor, registration_id: uuid.UUID, moment: datetime, now: datetime, ask: Ask | None = None) -> Past:
    """Returns what was true at `moment`; that it was asked stays on the trail. `ask` is noted there, and answered by the `Past`.

    Raises Forbidden for others than the desk, NotFound, Invalid for a moment in the future, NotYetRegistered.
    """
    require(actor, Permission.READ_DESK)
    registration = Registration.objects.filter(pk=registration_id).first()
    if registration is None:
        raise NotFound
    if moment > now:
        raise Invalid(errors={"moment": _("This moment has not come yet.")})
    found = history.at(registration, moment)
    asked = {"platform": ask.platform, "activity": ask.activity} if ask else {}
    record(Event.PAST_READ, actor=actor, subject=registration, now=now, moment=moment.isoformat(), **asked)
    return found
