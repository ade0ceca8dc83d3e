"""The account whose case, consents and identity are changed; everything about one person happens in turn."""

import uuid

from portal.access.actor import Actor, Kind
from portal.accounts.models import User
from portal.kit.errors import Unauthenticated


def lock(user_id: uuid.UUID) -> User:
    """Returns the account, locked until the transaction ends."""
    return User.objects.select_for_update().get(pk=user_id)


def own_id(actor: Actor) -> uuid.UUID:
    """Returns the actor's account. Raises Unauthenticated for an actor that is none."""
    if actor.kind is not Kind.USER or actor.id is None:
        raise Unauthenticated
    return actor.id


def lock_own(actor: Actor) -> User:
    """Returns the actor's account, locked until the transaction ends. Raises Unauthenticated for an actor that is none."""
    return lock(own_id(actor))
