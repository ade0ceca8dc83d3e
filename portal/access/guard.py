"""The first line of every service."""

from portal.access.actor import Actor
from portal.access.roles import Permission
from portal.kit.errors import Forbidden, NotFound, Unauthenticated


def require(actor: Actor, permission: Permission) -> None:
    """Returns if the actor's roles include the permission; raises Unauthenticated or Forbidden otherwise."""
    if not actor.is_authenticated:
        raise Unauthenticated
    if not actor.may(permission):
        raise Forbidden


def require_visible(visible: bool) -> None:
    """Raises NotFound where the actor may not know that the thing exists."""
    if not visible:
        raise NotFound
