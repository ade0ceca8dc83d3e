"""Publishing, using and revoking signing keys."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from joserfc.jwk import ECKey

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, NotFound
from portal.signing import keys, queries, tokens
from portal.signing.models import SigningKey
from portal.signing.x509 import self_signed

LEAD = timedelta(hours=24)  # a new key is published this long before it signs, so that every copy of the key set has it


def publish(now: datetime) -> None:
    """Writes down each configured key that is new here: the very first signs at once, later ones after LEAD."""
    known = set(SigningKey.objects.values_list("kid", flat=True))
    for key in reversed(keys.configured()):
        if keys.identifier(key) not in known:
            signs_from = now + LEAD if known else now
            _row(key, published_at=now, signs_from=signs_from)
            known.add(keys.identifier(key))


def _row(key: ECKey, **times: datetime) -> SigningKey:
    shown = {"public": keys.public(key), "certificate": _certificate(key, times["published_at"])}
    row, _created = SigningKey.objects.get_or_create(kid=keys.identifier(key), defaults={**shown, **times})
    return row


def _certificate(key: ECKey, since: datetime) -> str:
    return self_signed(key, site=settings.SITE_URL, since=since)


def certificate_of(key: ECKey, now: datetime) -> str:
    """Returns the certificate of a published key, in PEM; made now for a key that was published without one."""
    kid = keys.identifier(key)
    SigningKey.objects.filter(kid=kid, certificate="").update(certificate=_certificate(key, now))
    return SigningKey.objects.values_list("certificate", flat=True).get(kid=kid)


@transaction.atomic
def announce(*, actor: Actor, key: ECKey, at_once: bool, now: datetime) -> SigningKey:
    """Returns the row of a new key, published now, that signs after LEAD or, after a theft, at once."""
    require(actor, Permission.MANAGE_KEYS)
    row = _row(key, published_at=now, signs_from=now if at_once else now + LEAD)
    record(Event.SIGNING_KEY_PUBLISHED, actor=actor, subject=row, now=now, kid=row.kid)
    return row


@transaction.atomic
def revoke(*, actor: Actor, kid: str, now: datetime) -> SigningKey:
    """Ends a stolen key: nothing that it signed verifies any more. Raises NotFound, or Conflict if no other key could sign."""
    require(actor, Permission.MANAGE_KEYS)
    row = SigningKey.objects.select_for_update().filter(kid=kid, revoked_at=None).first()
    if row is None:
        raise NotFound
    others = {keys.identifier(key) for key in keys.configured()} - {kid} - queries.revoked_kids()
    if not others:
        raise Conflict(code="last_signing_key")
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    record(Event.SIGNING_KEY_REVOKED, actor=actor, subject=row, now=now, kid=kid)
    return row


def use(key: ECKey, *, until: datetime) -> None:
    """Notes, before something is signed, that the public key is needed until then."""
    kid = keys.identifier(key)
    SigningKey.objects.filter(Q(needed_until=None) | Q(needed_until__lt=until), kid=kid).update(needed_until=until)


def sign(claims: dict[str, Any], *, typ: str, until: datetime, now: datetime) -> tuple[str, str]:
    """Returns the signed token, good until then, and the `kid` of the key that signed it."""
    publish(now)
    key = queries.current(now)
    use(key, until=until)
    return tokens.sign(key, typ=typ, content=tokens.payload(claims)), keys.identifier(key)
