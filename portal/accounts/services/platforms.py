"""A platform opened by an administrator: live from the start."""

from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import Platform
from portal.audit.events import Event
from portal.audit.services import record


@transaction.atomic
def create_platform(*, actor: Actor, code: str, name: str, now: datetime) -> Platform:
    """Returns the new platform."""
    require(actor, Permission.MANAGE_PLATFORMS)
    platform = Platform.objects.create(code=code, name=name, created_at=now, live_at=now)
    record(Event.PLATFORM_CREATED, actor=actor, subject=platform, now=now, code=code)
    return platform
