"""API keys: made, replaced without a gap, limited to addresses, ended."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor, Kind
from portal.accounts import keys, rules
from portal.accounts.membership import LiveAccessNeeded, require_credentials
from portal.accounts.models import ApiKey, Environment, Platform, Scope
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid, NotFound, TooMany

KEY_LIFE = rules.KEY_LONGEST


class KeysTaken(Conflict):
    """Two keys of this name count already, or the platform has too many."""

    code = "keys_taken"
    title = _("There are two usable keys of this name")
    help = _("Two keys of one name take turns. End one of them first, or give a new service's key its own name.")


class KeyOver(Conflict):
    """The key has expired or was revoked."""

    code = "key_over"
    title = _("This key has ended")


@transaction.atomic
def issue_key(
    *,
    actor: Actor,
    platform: Platform,
    name: str,
    scopes: Sequence[Scope],
    now: datetime,
    life: timedelta = KEY_LIFE,
    environment: Environment = Environment.LIVE,
    networks: Collection[str] = (),
) -> tuple[ApiKey, str]:
    """Returns the stored key and, this once, the key itself.

    Raises NotFound, OwnerNeeded, Invalid, LiveAccessNeeded for a platform of the sandbox, KeysTaken or TooMany.
    """
    require_credentials(actor, platform, environment)
    wrong = rules.problems(name=name, scopes=scopes, known=Scope.values, networks=list(networks), life=life)
    if wrong:
        raise Invalid(errors=wrong)
    platform = Platform.objects.select_for_update().get(pk=platform.pk)
    if environment == Environment.LIVE and platform.live_at is None:
        raise LiveAccessNeeded
    _room_for_one(platform, environment, name.strip(), now)
    return _issue(actor, platform, environment, name.strip(), sorted(set(scopes)), rules.read_networks(networks), now, life)


@transaction.atomic
def rotate_key(*, actor: Actor, key_id: uuid.UUID, life: timedelta, now: datetime, overlap: timedelta | None = None) -> tuple[ApiKey, str]:
    """Returns a second key like the first and, this once, the key itself. The first goes on for `overlap`, or as long as it lasts.

    Raises as `issue_key`, and KeyOver for a first one that has ended.
    """
    old = _usable_locked(actor, key_id, now)
    scopes = [Scope(each) for each in old.scopes]
    made = issue_key(
        actor=actor,
        platform=old.platform,
        name=old.name,
        scopes=scopes,
        now=now,
        life=life,
        environment=Environment(old.environment),
        networks=old.networks,
    )
    if overlap is not None:
        end_key(actor=actor, key_id=key_id, after=overlap, now=now)
    return made


@transaction.atomic
def end_key(*, actor: Actor, key_id: uuid.UUID, after: timedelta, now: datetime) -> None:
    """Lets a key end `after` a while, never later than it would have; at once for no time. Raises KeyOver."""
    if not after:
        revoke_key(actor=actor, key_id=key_id, now=now)
        return
    key = _usable_locked(actor, key_id, now)
    ends = min(now + after, key.expires_at or now + after)
    # Whoever sets the end knows it: no mail reminds of it.
    ApiKey.objects.filter(pk=key.pk).update(expires_at=ends, reminders=len(rules.REMIND_BEFORE), version=F("version") + 1)
    record(Event.KEY_CHANGED, actor=actor, subject=key, now=now, ends=ends.isoformat())


@transaction.atomic
def limit_key(*, actor: Actor, key_id: uuid.UUID, networks: Collection[str], now: datetime) -> None:
    """Replaces the addresses from which a key may be used; none: from anywhere. Raises Invalid or KeyOver."""
    key = _usable_locked(actor, key_id, now)
    if wrong := rules.network_problems(networks):
        raise Invalid(errors=wrong)
    listed = rules.read_networks(networks)
    if listed != key.networks:
        ApiKey.objects.filter(pk=key.pk).update(networks=listed, version=F("version") + 1)
        record(Event.KEY_CHANGED, actor=actor, subject=key, now=now, networks=listed)


@transaction.atomic
def revoke_key(*, actor: Actor, key_id: uuid.UUID, now: datetime) -> None:
    """Ends a key at once; ending it twice changes nothing."""
    key = _locked(actor, key_id)
    if key.revoked_at is None:
        ApiKey.objects.filter(pk=key.pk).update(revoked_at=now, revoked_by=_account(actor), version=F("version") + 1)
        record(Event.KEY_REVOKED, actor=actor, subject=key, now=now)


def usable(now: datetime) -> QuerySet[ApiKey]:
    """Returns the keys that have neither expired nor been revoked."""
    return ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


def _issue(
    actor: Actor, platform: Platform, environment: str, name: str, scopes: list[Scope], networks: list[str], now: datetime, life: timedelta
) -> tuple[ApiKey, str]:
    secret = keys.draw(environment)
    key = ApiKey.objects.create(
        platform=platform,
        environment=environment,
        name=name,
        hint=keys.hint(secret),
        digest=keys.digest(secret),
        scopes=[str(scope) for scope in scopes],
        networks=networks,
        created_at=now,
        created_by_id=_account(actor),
        expires_at=now + life,
    )
    told = {"platform": platform.code, "environment": environment, "scopes": key.scopes, "networks": networks}
    record(Event.KEY_ISSUED, actor=actor, subject=key, now=now, **told)
    return key, secret


def _room_for_one(platform: Platform, environment: str, name: str, now: datetime) -> None:
    """The platform's row is locked: of two who race for the last place one gets it."""
    count = usable(now).filter(platform=platform, environment=environment)
    if count.filter(name=name).count() >= rules.KEYS_PER_NAME:
        raise KeysTaken
    if count.count() >= rules.KEYS_AT_MOST:
        raise KeysTaken(_("A platform has 20 usable keys in an environment at most. End one of them first."))
    if platform.keys.filter(environment=environment, created_at__gt=now - rules.DAY).count() >= rules.MADE_A_DAY:
        raise TooMany(rules.MADE_OFTEN, retry_after=int(rules.DAY.total_seconds()))


def _locked(actor: Actor, key_id: uuid.UUID) -> ApiKey:
    """The platform's row first, as everywhere, so that no two writers wait for each other."""
    found = ApiKey.objects.select_related("platform").filter(pk=key_id).first()
    if found is None:
        raise NotFound
    require_credentials(actor, found.platform, found.environment)
    Platform.objects.select_for_update().get(pk=found.platform_id)
    return ApiKey.objects.select_for_update(of=("self",)).select_related("platform").get(pk=key_id)


def _usable_locked(actor: Actor, key_id: uuid.UUID, now: datetime) -> ApiKey:
    key = _locked(actor, key_id)
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        raise KeyOver
    return key


def _account(actor: Actor) -> uuid.UUID | None:
    return actor.id if actor.kind is Kind.USER else None
