"""What a certificate says: an SD-JWT VC (draft-ietf-oauth-sd-jwt-vc) without disclosures, of public facts only. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TYPE = "dc+sd-jwt"
VCT = "urn:vhr:vct:virtual-human:1"  # an incompatible version gets another number
# What the portal publishes of a persona. Whoever is portrayed, drives or answers as a natural person stays out.
FACTS = ("description", "drive_mode", "platforms", "handles")


@dataclass(frozen=True, slots=True)
class Source:
    """The registration as the certificate repeats it; organisation: (name, credit code), of a natural person nothing."""

    issuer: str
    registry_id: str  # as it is printed
    record: str
    version: int
    facts: Mapping[str, Any]
    organisation: tuple[str, str] | None
    expires_at: datetime
    status: Mapping[str, Any]


def build(source: Source, *, jti: uuid.UUID, now: datetime) -> dict[str, Any]:
    """Returns the claims, in the order in which they are signed."""
    at = int(now.timestamp())
    return {
        "iss": source.issuer,
        "sub": source.registry_id,
        "vct": VCT,
        "jti": str(jti),
        "iat": at,
        "nbf": at,
        "exp": int(source.expires_at.timestamp()),
        "status": dict(source.status),
        "version": source.version,
        "record": source.record,
        "names": {"zh": source.facts.get("name_zh", ""), "en": source.facts.get("name_en", "")},
        **{name: source.facts[name] for name in FACTS if name in source.facts},
        "operator": _operator(source.organisation),
    }


def _operator(organisation: tuple[str, str] | None) -> dict[str, str]:
    if organisation is None:
        return {"class": "person"}
    name, code = organisation
    return {"class": "organisation", "name": name, "uscc": code}
