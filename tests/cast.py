"""Who plays in the tests: Alice operates, Bob and Dana are officers, Carol is portrayed, Eve is a stranger, Frank audits."""

from datetime import UTC, datetime

from allauth.account.models import EmailAddress

from portal.access.roles import Role
from portal.accounts.models import RoleGrant, User

PASSWORD = "a quiet long password"
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def person(name: str, *roles: Role) -> User:
    """Returns a stored account `name@example.org` with a confirmed address, one of the demonstration's people."""
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, is_demo=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, granted_at=EPOCH)
    return user


def officer(name: str) -> User:
    """Returns an account that decides."""
    return person(name, Role.OFFICER)


def auditor(name: str) -> User:
    """Returns an account that reads everything and changes nothing."""
    return person(name, Role.AUDITOR)
