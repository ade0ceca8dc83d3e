"""Operators and roles."""

from datetime import datetime

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission, Role
from portal.accounts.models import Member, MemberRole, Operator, OperatorKind, RoleGrant, User
from portal.audit.events import Event
from portal.audit.services import record


@transaction.atomic
def own_operator(*, actor: Actor, now: datetime) -> Operator:
    """Returns the operator record of the acting person, made at the first need."""
    require(actor, Permission.MANAGE_PERSONA)
    user = User.objects.select_for_update().get(pk=actor.user_id)
    found = Operator.objects.filter(kind=OperatorKind.PERSON, members__user=user).first()
    if found:
        return found
    operator = Operator.objects.create(kind=OperatorKind.PERSON, created_at=now)
    Member.objects.create(operator=operator, user=user, role=MemberRole.OWNER, since=now)
    record(Event.OPERATOR_CREATED, actor=actor, subject=operator, now=now, kind=operator.kind)
    return operator


@transaction.atomic
def grant_role(*, actor: Actor, user: User, role: Role, now: datetime) -> None:
    """Gives an account a role; giving it twice changes nothing."""
    require(actor, Permission.MANAGE_ACCOUNTS)
    _, made = RoleGrant.objects.get_or_create(user=user, role=role, defaults={"granted_at": now})
    if made:
        record(Event.ROLE_GRANTED, actor=actor, subject=user, now=now, role=role)
