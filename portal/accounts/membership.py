"""Who works for a platform, asked on the first line of every service and page about one."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor, Kind
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import Environment, Platform, PlatformMember, PlatformRole, User
from portal.kit.errors import Conflict, Forbidden, NotFound


class OwnerNeeded(Forbidden):
    """A developer of the platform tried what only an owner may."""

    code = "owner_needed"
    help = _("Only an owner of the platform may do this. Ask one of them.")


class LiveAccessNeeded(Conflict):
    """The platform is in the sandbox still."""

    code = "live_access_needed"
    title = _("The platform is in the sandbox")
    help = _("An owner asks for live access on the platform's page; an administrator of the registry answers.")


def platforms_of(actor: Actor) -> QuerySet[Platform]:
    """Returns the platforms the actor works for."""
    if actor.kind is not Kind.USER:
        return Platform.objects.none()
    return Platform.objects.filter(members__user=actor.id)


def platform_for(actor: Actor, platform_id: uuid.UUID, *, lock: bool = False) -> Platform:
    """Returns a platform the actor works for, locked if asked; raises NotFound for any other."""
    mine = platforms_of(actor)
    found = (mine.select_for_update(of=("self",)) if lock else mine).filter(pk=platform_id).first()
    if found is None:
        raise NotFound
    return found


def role_in(actor: Actor, platform: Platform) -> PlatformRole | None:
    """Returns the actor's role in the platform, None for a stranger."""
    if actor.kind is not Kind.USER:
        return None
    found = PlatformMember.objects.filter(platform=platform, user=actor.id).values_list("role", flat=True).first()
    return PlatformRole(found) if found else None


def require_owner(actor: Actor, platform: Platform) -> None:
    """Returns for an owner of the platform; raises NotFound for a stranger, OwnerNeeded for a developer."""
    require(actor, Permission.MANAGE_PERSONA)
    role = role_in(actor, platform)
    if role is None:
        raise NotFound
    if role is not PlatformRole.OWNER:
        raise OwnerNeeded


def require_credentials(actor: Actor, platform: Platform, environment: str) -> None:
    """Returns if the actor may make or end credentials of this environment.

    Any member for the sandbox, an owner for the registry; an administrator for both. Raises NotFound or OwnerNeeded.
    """
    if actor.may(Permission.MANAGE_PLATFORMS):
        return
    if environment == Environment.LIVE:
        require_owner(actor, platform)
    require(actor, Permission.MANAGE_PERSONA)
    if role_in(actor, platform) is None:
        raise NotFound


def owners_of(platform: Platform) -> QuerySet[User]:
    """Returns the accounts that own the platform."""
    return User.objects.filter(platform_memberships__platform=platform, platform_memberships__role=PlatformRole.OWNER)
