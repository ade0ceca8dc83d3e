"""Certificates and the status list of the sandbox's personas: shaped as the registry's, by the same code, under another issuer."""

import uuid
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from portal.kit.errors import NotFound
from portal.signing import tokens
from portal.signing.keys import identifier
from registry.certificates import claims
from registry.certificates.claims import Source
from registry.issuing import registry_id as ids
from registry.issuing.verdict import Facts
from registry.sandbox import signing
from registry.sandbox.cast import BY_ID
from registry.statuslist import bits, rules
from registry.statuslist import services as statuslist

PLATFORM = "sandbox"
VERSION = 1


def token(registry_id: str, now: datetime) -> str:
    """Returns the certificate of a persona of the sandbox, by an ID as typed. Raises NotFound where there is none."""
    canonical = ids.canonical(registry_id) or ""
    persona = BY_ID.get(canonical)
    facts = persona.facts(PLATFORM, now) if persona else None
    if facts is None:
        raise NotFound
    content = claims.build(_source(facts), jti=uuid.uuid5(uuid.NAMESPACE_URL, signing.issuer() + canonical), now=facts.issued_at)
    return tokens.sign(signing.key(), typ=claims.TYPE, content=tokens.payload(content)) + "~"


def _source(facts: Facts) -> Source:
    shown = ids.printed(facts.registry_id)
    names = {"name_zh": f"沙箱人物 {shown[8:]}", "name_en": f"Sandbox persona {shown[8:]}"}
    return Source(
        issuer=signing.issuer(),
        registry_id=shown,
        record=f"{settings.SITE_URL}{reverse('developers:sandbox')}#{shown}",
        version=VERSION,
        facts={**names, "drive_mode": facts.drive_mode, "platforms": sorted(facts.platforms)},
        organisation=None,
        expires_at=facts.expires_at,
        status={"status_list": {"idx": place(facts.registry_id), "uri": list_uri()}},
    )


def place(registry_id: str) -> int:
    """Returns a persona's index in the sandbox's list: its place in the cast, to which new ones are added at the end."""
    return list(BY_ID).index(registry_id)


def list_uri() -> str:
    """Returns the address of the sandbox's one status list."""
    return f"{settings.SITE_URL}{reverse('sandbox:statuslist')}"


def status_list(now: datetime) -> str:
    """Returns the Status List Token, signed anew every half `ttl`."""
    since = timedelta(seconds=now.timestamp() % rules.RENEW.total_seconds())
    return _status_list(identifier(signing.key()), list_uri(), (now - since).replace(microsecond=0))


@lru_cache(maxsize=2)
def _status_list(_kid: str, uri: str, issued: datetime) -> str:
    known = [found for each in BY_ID.values() if (found := each.facts(PLATFORM, issued))]
    packed = bits.pack((place(facts.registry_id), rules.value_of(facts, issued)) for facts in known)
    content = statuslist.claims(uri, bits.compress(packed), issued)
    return tokens.sign(signing.key(), typ=statuslist.TYPE, content=tokens.payload(content))
