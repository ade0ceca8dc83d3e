"""Who calls on behalf of a platform: one value, made at the door from the request's credential."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Token
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor, Kind
from portal.access.roles import Role
from portal.accounts import keys, networks
from portal.accounts.models import ApiKey, Environment, OAuthClient, Scope
from portal.kit.errors import Forbidden, Unauthenticated


class KeyBad(Unauthenticated):
    """No credential, or none that counts."""

    code = "key_bad"
    title = _("The API key is not valid")
    help = _("Send “Authorization: Bearer …” with an API key or an access token that has not expired or been revoked.")


class ScopeMissing(Forbidden):
    """The credential may not do this."""

    code = "scope_missing"
    title = _("The API key may not do this")
    help = _("Use a key with one of the scopes that are named.")

    def __init__(self, wanted: Iterable[Scope]) -> None:
        super().__init__(_("Use a key with the scope %(scopes)s.") % {"scopes": " / ".join(wanted)})


class OtherPlatform(Forbidden):
    """The credential belongs to another platform than the one named."""

    code = "platform_mismatch"
    title = _("The API key belongs to another platform")
    help = _("A key asks for its own platform only.")


class AddressRefused(Forbidden):
    """The credential has an allow-list, and the caller's address is not on it."""

    code = "address_refused"
    title = _("The API key may not be used from this address")
    help = _("The key has a list of addresses it may be used from. Call from one of those, or change the list on the key's page.")


class LiveKeyNeeded(Forbidden):
    """A credential of the sandbox where only the registry answers."""

    code = "live_key_needed"
    title = _("This needs a live key")
    help = _(
        "A test key counts in the sandbox only. Ask for live access on your platform's page, then use a key that begins with vhk_live_."
    )


@dataclass(frozen=True, slots=True)
class Caller:
    """A platform behind a credential that counts, with what the credential may ask."""

    credential: uuid.UUID
    platform_id: uuid.UUID
    platform: str  # its code
    environment: Environment
    scopes: frozenset[str]

    def require(self, *scopes: Scope) -> None:
        """Raises ScopeMissing if the credential has none of the scopes."""
        if not self.scopes & set(scopes):
            raise ScopeMissing(scopes)

    @property
    def actor(self) -> Actor:
        """The platform as an actor for services."""
        return Actor(Kind.PLATFORM, self.platform_id, frozenset({Role.PLATFORM}))


LIVE_ONLY = frozenset({Environment.LIVE})
ANY = frozenset(Environment)
SEEN = timedelta(minutes=1)  # a credential's last use is written this often at most
_TOKEN = re.compile(r"[A-Za-z0-9_-]{86}", re.ASCII)  # 64 random bytes: the form of an opaque access token


def secret_of(header: str) -> str:
    """Returns what follows `Bearer` in an Authorization header (RFC 6750 §2.1). Raises KeyBad if nothing does."""
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise KeyBad
    return secret.strip()


def caller_of(header: str, *, now: datetime, address: str = "", environments: frozenset[Environment] = LIVE_ONLY) -> Caller:
    """Returns the caller behind an Authorization header with an API key or an access token.

    `address` is the caller's (`portal.kit.addresses.address_of`); a credential with an allow-list counts from nowhere else.
    A door that knows the sandbox says so in `environments`: the others refuse its credentials.
    Raises KeyBad, AddressRefused or LiveKeyNeeded.
    """
    secret = secret_of(header)
    found = _client(secret, now) if _TOKEN.fullmatch(secret) else _key(secret, now)
    credential, scopes = found
    if credential.environment == Environment.LIVE and credential.platform.live_at is None:
        raise KeyBad
    if not networks.allow(credential.networks, address):
        raise AddressRefused
    environment = Environment(credential.environment)
    if environment not in environments:
        raise LiveKeyNeeded
    _seen(credential, now)
    return Caller(credential.pk, credential.platform_id, credential.platform.code, environment, scopes)


def _key(secret: str, now: datetime) -> tuple[ApiKey, frozenset[str]]:
    """A mistyped key costs no question to the database."""
    if not keys.well_formed(secret):
        raise KeyBad
    usable = ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
    found = usable.select_related("platform").filter(digest=keys.digest(secret)).first()
    if found is None:
        raise KeyBad
    return found, frozenset(found.scopes)


def _client(secret: str, now: datetime) -> tuple[OAuthClient, frozenset[str]]:
    """A token says no more than its client still may, and nothing once the client is revoked."""
    live = Token.objects.by_value(secret).filter(type=Token.Type.ACCESS_TOKEN, expires_at__gt=now, user=None)
    clients = live.filter(client__platform_client__revoked_at=None).select_related("client__platform_client__platform")
    found = clients.filter(client__platform_client__isnull=False).first()
    if found is None:
        raise KeyBad
    return found.client.platform_client, frozenset(found.get_scopes()) & frozenset(found.client.get_scopes())


def _seen(credential: ApiKey | OAuthClient, now: datetime) -> None:
    last = credential.last_used_at
    if last is None or now - last >= SEEN:
        type(credential)._default_manager.filter(pk=credential.pk).update(last_used_at=now)
