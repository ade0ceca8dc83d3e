"""Making an actor out of a request, once, at the door."""

from django.http import HttpRequest

from portal.access.actor import ANONYMOUS, Actor, Kind
from portal.access.roles import STAFF, Role
from portal.accounts.models import User
from portal.accounts.queries import granted_roles, needs_second_factor
from portal.kit.problems import request_id


class PortalRequest(HttpRequest):
    """A request that passed `ActorMiddleware`."""

    actor: Actor
    second_factor_due: bool


def actor_of(request: HttpRequest) -> tuple[Actor, bool]:
    """Returns who acts and whether a second factor is due; staff roles count only once it is set up."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return ANONYMOUS, False
    granted = granted_roles(user)
    due = needs_second_factor(user, granted)
    return _actor(user, granted - STAFF if due else granted, request_id(request)), due


def actor_for(user: User) -> Actor:
    """Returns the actor of an account outside a request (a command, a seed): with the roles it was given."""
    return _actor(user, granted_roles(user), "")


def _actor(user: User, roles: frozenset[Role], request: str) -> Actor:
    return Actor(Kind.USER, user.pk, roles, request, user.email)
