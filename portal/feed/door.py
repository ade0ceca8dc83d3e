"""Whose API key a request bears."""

from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts import keys
from portal.accounts.models import ApiKey, Scope
from portal.kit.errors import Forbidden, Unauthenticated


class KeyBad(Unauthenticated):
    """No key, or none that counts."""

    code = "key_bad"
    title = _("The API key is not valid")
    help = _("Send “Authorization: Bearer vhk_live_…” with a key that has not expired or been revoked.")


class ScopeMissing(Forbidden):
    """The key may not ask this."""

    code = "scope_missing"
    title = _("The API key may not do this")
    help = _("Ask for a key with the scope registry:read.")


def reader(request: HttpRequest, now: datetime) -> ApiKey:
    """Returns the key of a platform that may read the registry. Raises KeyBad or ScopeMissing."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not keys.well_formed(secret.strip()):
        raise KeyBad
    usable = ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
    key = usable.select_related("platform").filter(digest=keys.digest(secret.strip())).first()
    if key is None:
        raise KeyBad
    if Scope.READ not in key.scopes:
        raise ScopeMissing
    return key
