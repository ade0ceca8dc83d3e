"""Platforms opened by an administrator, live from the start, and who owns them."""

from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import Platform, PlatformMember, PlatformRole, User
from portal.audit.events import Event
from portal.audit.services import record


@transaction.atomic
def create_platform(*, actor: Actor, code: str, name: str, now: datetime) -> Platform:
    """Returns the new platform."""
    require(actor, Permission.MANAGE_PLATFORMS)
    platform = Platform.objects.create(code=code, name=name, created_at=now, live_at=now)
    record(Event.PLATFORM_CREATED, actor=actor, subject=platform, now=now, code=code)
    return platform


@transaction.atomic
def appoint_owner(*, actor: Actor, platform: Platform, user: User, now: datetime) -> PlatformMember:
    """Returns the account as an owner of the platform: the first one of a platform that an administrator opened."""
    require(actor, Permission.MANAGE_PLATFORMS)
    Platform.objects.select_for_update().get(pk=platform.pk)
    owner = {"role": PlatformRole.OWNER}
    member, made = PlatformMember.objects.update_or_create(
        platform=platform, user=user, defaults=owner, create_defaults=owner | {"since": now}
    )
    event = Event.PLATFORM_MEMBER_JOINED if made else Event.PLATFORM_MEMBER_CHANGED
    record(event, actor=actor, subject=platform, now=now, member=str(user.pk), role=member.role)
    return member
