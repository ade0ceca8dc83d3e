"""Which keys verify, and which one signs."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from joserfc.jwk import ECKey

from portal.signing import keys
from portal.signing.keys import SigningError
from portal.signing.models import SigningKey


def public_keys(now: datetime) -> dict[str, dict[str, Any]]:
    """Returns the JWK of every key that counts, by `kid`: those configured here, those that other processes sign with, and
    those that signed something which has not run out. A revoked key never counts."""
    revoked = revoked_kids()
    standing = SigningKey.objects.filter(Q(needed_until=None) | Q(needed_until__gt=now), revoked_at=None)
    configured = {keys.identifier(key): keys.public(key) for key in keys.configured()}
    known = configured | {row.kid: row.public for row in standing.order_by("-published_at")}
    return {kid: shown for kid, shown in known.items() if kid not in revoked}


def revoked_kids() -> set[str]:
    """Returns the `kid` of each revoked key."""
    return set(SigningKey.objects.exclude(revoked_at=None).values_list("kid", flat=True))


def current(now: datetime) -> ECKey:
    """Returns the key that signs now: the newest one whose time has come, else the oldest one. Raises SigningError."""
    configured = [key for key in keys.configured() if keys.identifier(key) not in revoked_kids()]
    if not configured:
        raise SigningError("every configured signing key is revoked")
    ripe = set(SigningKey.objects.filter(signs_from__lte=now).values_list("kid", flat=True))
    return next((key for key in configured if keys.identifier(key) in ripe), configured[-1])
