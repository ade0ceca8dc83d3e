"""Who calls on behalf of a platform: one value, made at the door from the request's credential."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor, Kind
from portal.access.roles import Role
from portal.accounts import keys
from portal.accounts.models import ApiKey, Environment, Scope
from portal.kit.errors import Forbidden, Unauthenticated


class KeyBad(Unauthenticated):
    """No credential, or none that counts."""

    code = "key_bad"
    title = _("The API key is not valid")
    help = _("Send “Authorization: Bearer vhk_live_…” with a key that has not expired or been revoked.")


class ScopeMissing(Forbidden):
    """The credential may not do this."""

    code = "scope_missing"
    title = _("The API key may not do this")

    def __init__(self, wanted: Iterable[Scope]) -> None:
        super().__init__(_("Use a key with the scope %(scopes)s.") % {"scopes": " / ".join(wanted)})


class OtherPlatform(Forbidden):
    """The credential belongs to another platform than the one named."""

    code = "platform_mismatch"
    title = _("The API key belongs to another platform")
    help = _("A key asks for its own platform only.")


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


def secret_of(header: str) -> str:
    """Returns what follows `Bearer` in an Authorization header (RFC 6750 §2.1). Raises KeyBad if nothing does."""
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise KeyBad
    return secret.strip()


def caller_of(header: str, *, now: datetime) -> Caller:
    """Returns the caller behind an Authorization header. Raises KeyBad."""
    secret = secret_of(header)
    if not keys.well_formed(secret):
        raise KeyBad
    usable = ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
    found = usable.select_related("platform").filter(digest=keys.digest(secret)).first()
    if found is None:
        raise KeyBad
    return Caller(found.pk, found.platform_id, found.platform.code, Environment.LIVE, frozenset(found.scopes))
