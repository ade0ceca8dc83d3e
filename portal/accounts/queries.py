"""Reading accounts."""

import uuid

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.roles import STAFF, Role
from portal.accounts.models import Operator, User


def granted_roles(user: User) -> frozenset[Role]:
    """Returns the roles an account was given. Whoever holds none of them is an operator; an auditor changes nothing."""
    granted = frozenset(Role(grant.role) for grant in user.role_grants.all())
    return granted if Role.AUDITOR in granted else granted | {Role.OPERATOR}


def needs_second_factor(user: User, granted: frozenset[Role]) -> bool:
    """Returns whether the account must set up a second factor before its staff roles count."""
    excused = user.is_demo and settings.DEMO
    return bool(granted & STAFF) and not excused and not is_mfa_enabled(user)


def operators_of(actor: Actor) -> QuerySet[Operator]:
    """Returns the operators in whose name the actor may act."""
    return Operator.objects.filter(members__user=actor.id, members__user__isnull=False)


def members_of(operator_id: uuid.UUID) -> QuerySet[User]:
    """Returns the accounts that act for an operator."""
    return User.objects.filter(memberships__operator=operator_id)


def member_ids(operator_id: uuid.UUID) -> list[uuid.UUID]:
    """Returns the identifiers of the accounts that act for an operator."""
    return list(members_of(operator_id).values_list("pk", flat=True))
