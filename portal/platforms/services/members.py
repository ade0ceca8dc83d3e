"""Who works for a platform, and as what. The platform's row is locked, so that of two owners who leave at once one stays."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.accounts.membership import platform_for, require_owner
from portal.accounts.models import Platform, PlatformMember, PlatformRole
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid, NotFound


class LastOwner(Conflict):
    """Nobody would be left who can do what an owner may."""

    code = "last_owner"
    title = _("A platform needs an owner")
    help = _("Make another member an owner first.")


@transaction.atomic
def change_role(*, actor: Actor, platform_id: uuid.UUID, member_id: uuid.UUID, role: str, now: datetime) -> PlatformMember:
    """Returns the member with the new role. Raises NotFound, OwnerNeeded, Invalid or LastOwner."""
    platform = platform_for(actor, platform_id, lock=True)
    require_owner(actor, platform)
    if role not in PlatformRole.values:
        raise Invalid(errors={"role": _("Choose a role.")})
    member = _member(platform, member_id)
    if member.role != role:
        _keep_an_owner(platform, member)
        member.role = role
        member.save(update_fields=["role"])
        record(Event.PLATFORM_MEMBER_CHANGED, actor=actor, subject=platform, now=now, member=str(member.user_id), role=role)
    return member


@transaction.atomic
def remove_member(*, actor: Actor, platform_id: uuid.UUID, member_id: uuid.UUID, now: datetime) -> None:
    """Ends a membership at once: an owner any, everybody their own. Raises NotFound, OwnerNeeded or LastOwner."""
    platform = platform_for(actor, platform_id, lock=True)
    member = _member(platform, member_id)
    if not actor.is_user(member.user_id):
        require_owner(actor, platform)
    _keep_an_owner(platform, member)
    record(Event.PLATFORM_MEMBER_REMOVED, actor=actor, subject=platform, now=now, member=str(member.user_id))
    member.delete()


def _member(platform: Platform, member_id: uuid.UUID) -> PlatformMember:
    found = platform.members.filter(pk=member_id).first()
    if found is None:
        raise NotFound
    return found


def _keep_an_owner(platform: Platform, going: PlatformMember) -> None:
    if going.role == PlatformRole.OWNER and not platform.members.filter(role=PlatformRole.OWNER).exclude(pk=going.pk).exists():
        raise LastOwner
