"""Reading reports, as the desk may."""

import uuid

from django.db.models import Q, QuerySet

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.queries import operators_of
from portal.kit.errors import Forbidden, NotFound
from registry.complaints.models import Report
from registry.issuing.models import Registration
from registry.issuing.services import OFFICER_PARTIES

LATEST = 50  # closed reports that are listed


def _foreign(actor: Actor) -> QuerySet[Report]:
    """Officers have no part in what they look into: neither as its operator nor by their face."""
    own = Q(operator__in=operators_of(actor)) | Q(persona__licences__portrayed=actor.id, persona__licences__portrayed__isnull=False)
    theirs = Registration.objects.filter(own).values("pk")
    return Report.objects.exclude(registration__in=theirs).select_related("registration", "closed_by", "data_key")


def waiting(actor: Actor) -> QuerySet[Report]:
    """Returns the reports that wait for an officer, the oldest first. Raises Forbidden for others than the desk."""
    require(actor, Permission.READ_DESK)
    return _foreign(actor).filter(closed_at=None).order_by("received_at")


def closed(actor: Actor) -> QuerySet[Report]:
    """Returns the reports closed last, the latest first. Raises Forbidden for others than the desk."""
    require(actor, Permission.READ_DESK)
    return _foreign(actor).filter(closed_at__isnull=False).order_by("-closed_at")[:LATEST]


def for_desk(actor: Actor, report_id: uuid.UUID) -> Report:
    """Returns a report; raises Forbidden (`own_persona`) for one about the officer's own virtual human or face."""
    require(actor, Permission.READ_DESK)
    found = _foreign(actor).filter(pk=report_id).first()
    if found is None and Report.objects.filter(pk=report_id).exists():
        raise Forbidden(code="own_persona")
    if found is None:
        raise NotFound
    return found


def is_held_by_officers(registration: Registration) -> bool:
    """Returns whether a hold of the compliance office stands."""
    return registration.holds.filter(lifted_at=None, party__in=OFFICER_PARTIES).exists()
