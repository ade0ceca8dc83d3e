"""Who calls the two label addresses: a platform by its key, or a signed-in account; and how often they may."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.core.internal import ratelimit
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts import keys
from portal.accounts.models import ApiKey, Scope
from portal.kit.errors import Forbidden, TooMany, Unauthenticated

# Requests a minute. A file costs up to 64 megabytes of transfer and little work; a visitor without an account asks for one file.
RATES = {"key": "120/m/key", "account": "30/m/user", "visitor": "10/m/ip"}


class KeyBad(Unauthenticated):
    """No key, or none that counts."""

    code = "key_bad"
    title = _("The API key is not valid")
    help = _("Send “Authorization: Bearer vhk_live_…” with a key that has not expired or been revoked.")


class ScopeMissing(Forbidden):
    """The key may not do this."""

    code = "scope_missing"
    title = _("The API key may not do this")
    help = _("Use a key that has the scope registry:read, or gate:check for a verdict or for writing a label.")


@dataclass(frozen=True, slots=True)
class Key:
    """A key that counts: its platform's code and its scopes."""

    id: str
    platform: str
    scopes: frozenset[str]

    def require(self, scopes: Iterable[Scope]) -> None:
        """Raises ScopeMissing if the key has none of the scopes."""
        if not self.scopes & set(scopes):
            raise ScopeMissing


def key_of(header: str, now: datetime) -> Key:
    """Returns the key behind an Authorization header. Raises KeyBad."""
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not keys.well_formed(secret.strip()):
        raise KeyBad
    usable = ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
    found = usable.select_related("platform").filter(digest=keys.digest(secret.strip())).first()
    if found is None:
        raise KeyBad
    return Key(str(found.pk), found.platform.code, frozenset(found.scopes))


def count(request: HttpRequest, who: str, key: str = "") -> None:
    """Counts a request of a `key`, an `account` or a `visitor`. Raises TooMany."""
    if not ratelimit.consume(request, app="labels", action=who, config=RATES, key=key or None, limit_get=True):
        raise TooMany(_("Too many files in a short time. Wait a minute."), retry_after=60)
