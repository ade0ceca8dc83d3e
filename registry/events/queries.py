"""Which registrations wait to be compared with what was told of them."""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from portal.outbox import queries as outbox
from registry.issuing.models import Registration


def waiting(now: datetime) -> QuerySet[Registration, uuid.UUID]:
    """Returns the registrations of which nothing was told yet, and those that time may have changed."""
    due = Registration.objects.filter(Q(published=None) | Q(published__due_at__lte=now))
    return due.order_by("issued_at").values_list("pk", flat=True)


def is_behind(reader: str, now: datetime) -> bool:
    """Returns whether a relay has something to read or to compare."""
    return bool(outbox.visible_after(outbox.place_of(reader), limit=1)) or waiting(now).exists()
