"""Reading accounts."""

import uuid

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from portal.access.actor import Actor
from portal.access.roles import STAFF, Role
from portal.accounts.models import Member, Operator, User


def granted_roles(user: User) -> frozenset[Role]:
    """Returns the roles an account was given. Whoever holds none of them is an operator; an auditor changes nothing."""
    granted = frozenset(Role(grant.role) for grant in user.role_grants.all())
    return granted if Role.AUDITOR in granted else granted | {Role.OPERATOR}


def needs_second_factor(user: User, granted: frozenset[Role]) -> bool:
    """Returns whether the account must set up a second factor before its staff roles count."""
    excused = user.is_demo and settings.DEMO
    return bool(granted & STAFF) and not excused and not is_mfa_enabled(user)


def standing_members() -> QuerySet[Member]:
    """Returns who acts for operators at this moment. The database's clock ends a term: no caller can forget to ask."""
    return Member.objects.filter(Q(until=None) | Q(until__gt=Now()))


def operators_of(actor: Actor) -> QuerySet[Operator]:
    """Returns the operators in whose name the actor may act."""
    return Operator.objects.filter(pk__in=standing_members().filter(user=actor.id, user__isnull=False).values("operator"))


def members_of(operator_id: uuid.UUID) -> QuerySet[User]:
    """Returns the accounts that act for an operator."""
    return User.objects.filter(pk__in=standing_members().filter(operator=operator_id).values("user"))


def member_ids(operator_id: uuid.UUID) -> list[uuid.UUID]:
    """Returns the identifiers of the accounts that act for an operator."""
    return list(members_of(operator_id).values_list("pk", flat=True))
