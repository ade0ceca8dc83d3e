"""Accounts: operators, roles, platforms and keys."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission, Role
from portal.accounts import keys
from portal.accounts.models import ApiKey, Member, MemberRole, Operator, OperatorKind, Platform, RoleGrant, Scope, User
from portal.audit.events import Event
from portal.audit.services import record

KEY_LIFE = timedelta(days=365)


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


@transaction.atomic
def create_platform(*, actor: Actor, code: str, name: str, now: datetime) -> Platform:
    """Returns the new platform."""
    require(actor, Permission.MANAGE_PLATFORMS)
    platform = Platform.objects.create(code=code, name=name, created_at=now)
    record(Event.PLATFORM_CREATED, actor=actor, subject=platform, now=now, code=code)
    return platform


@transaction.atomic
def issue_key(
    *, actor: Actor, platform: Platform, name: str, scopes: list[Scope], now: datetime, life: timedelta = KEY_LIFE
) -> tuple[ApiKey, str]:
    """Returns the stored key and, this once, the key itself."""
    require(actor, Permission.MANAGE_PLATFORMS)
    secret = keys.draw()
    key = ApiKey.objects.create(
        platform=platform,
        name=name,
        hint=keys.hint(secret),
        digest=keys.digest(secret),
        scopes=[str(scope) for scope in scopes],
        created_at=now,
        expires_at=now + life,
    )
    record(Event.KEY_ISSUED, actor=actor, subject=key, now=now, platform=platform.code, scopes=key.scopes)
    return key, secret


@transaction.atomic
def revoke_key(*, actor: Actor, key_id: uuid.UUID, now: datetime) -> None:
    """Ends a key at once; ending it twice changes nothing."""
    require(actor, Permission.MANAGE_PLATFORMS)
    key = ApiKey.objects.select_for_update().get(pk=key_id)
    if key.revoked_at is None:
        ApiKey.objects.filter(pk=key.pk).update(revoked_at=now)
        record(Event.KEY_REVOKED, actor=actor, subject=key, now=now)
