"""Reading the lists: what is published, what must be derived or signed anew."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from portal.signing.queries import revoked_kids
from registry.issuing.models import Registration
from registry.statuslist.models import Entry, StatusList
from registry.statuslist.rules import RENEW, ROUND


def uri(list_id: uuid.UUID) -> str:
    """Returns a list's address, which is its `sub` and stands in every certificate that refers to it."""
    return f"{settings.SITE_URL}{reverse('statuslist:list', args=[list_id])}"


def aggregation_uri() -> str:
    """Returns the address that names every list (§9)."""
    return f"{settings.SITE_URL}{reverse('statuslist:all')}"


def reference(entry: Entry) -> dict[str, Any]:
    """Returns the claim `status` of a certificate (§6.1)."""
    return {"status_list": {"idx": entry.index, "uri": uri(entry.list_id)}}


def published(now: datetime) -> QuerySet[StatusList]:
    """Returns the lists whose token counts."""
    return StatusList.objects.filter(expires_at__gt=now)


def unsigned(now: datetime) -> QuerySet[StatusList]:
    """Returns the lists that must be signed: touched, half a `ttl` old, by a key that was revoked, or for another address."""
    due = Q(signed_at=None) | Q(signed_at__lte=now - RENEW) | Q(dirty_since__isnull=False) | Q(kid__in=revoked_kids())
    return StatusList.objects.filter(due | ~Q(uri__startswith=settings.SITE_URL + "/")).order_by("dirty_since", "signed_at")


def due(now: datetime) -> QuerySet[Entry]:
    """Returns the entries whose value time may have changed."""
    return Entry.objects.filter(due_at__lte=now).order_by("due_at")


def stale(now: datetime) -> QuerySet[Entry]:
    """Returns the entries that nobody has looked at for a whole round."""
    return Entry.objects.filter(derived_at__lte=now - ROUND).order_by("derived_at")


def without_entry() -> QuerySet[Registration]:
    """Returns the registrations that stand in no list: all of them before the first look, none afterwards."""
    return Registration.objects.filter(status_entry=None)
