"""Who acts: a value made at the door (by a view, a key or a task) and handed to every service."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from portal.access.roles import PERMISSIONS, Permission, Role
from portal.kit.errors import Unauthenticated


class Kind(StrEnum):
    """What stands behind an actor."""

    USER = "user"
    PLATFORM = "platform"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Actor:
    """An account, a platform or the machine itself, with the roles that count at this moment."""

    kind: Kind
    id: uuid.UUID | None = None
    roles: frozenset[Role] = frozenset()
    request_id: str = ""
    email: str = ""

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody stands behind this actor."""
        return self.kind is not Kind.ANONYMOUS

    @property
    def user_id(self) -> uuid.UUID:
        """The account that acts; raises Unauthenticated where it is no account."""
        if self.kind is not Kind.USER or self.id is None:
            raise Unauthenticated
        return self.id

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles includes the permission."""
        return any(permission in PERMISSIONS[role] for role in self.roles)

    def is_user(self, user_id: uuid.UUID | None) -> bool:
        """Whether this actor is the account `user_id`."""
        return self.kind is Kind.USER and user_id is not None and self.id == user_id


ANONYMOUS = Actor(Kind.ANONYMOUS)
SYSTEM = Actor(Kind.SYSTEM, roles=frozenset({Role.SYSTEM}))
# Whoever runs a command on the machine itself: the first roles and keys are given there.
CONSOLE = Actor(Kind.SYSTEM, roles=frozenset({Role.ADMINISTRATOR}))
