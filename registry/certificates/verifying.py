"""Whether a certificate counts: its signature, its times and, by the published status list, what has become of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings

from portal.signing import tokens
from portal.signing.queries import public_keys
from portal.signing.tokens import TokenBad
from registry.certificates import claims as made
from registry.certificates.models import Certificate
from registry.certificates.queries import is_superseded
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.issuing.verdict import Status
from registry.statuslist import bits, queries, rules
from registry.statuslist.services import TYPE as LIST_TYPE


class Way(StrEnum):
    """How an answer was reached."""

    REGISTRY = "registry"  # asked for now
    STATUS_LIST = "status_list"  # by the certificate and the list that is published
    CERTIFICATE = "certificate"  # by the certificate alone: it did not come to the list


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of it. `problem` is empty where nothing speaks against it; `as_of` says when the answer was true."""

    way: Way
    as_of: datetime
    problem: str = ""
    registry_id: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)
    superseded: bool = False

    @property
    def good(self) -> bool:
        """Whether the registration is valid by this answer."""
        return not self.problem


_BY_STATUS = {
    Status.ACTIVE: "",
    Status.SUSPENDED: "suspended",
    Status.REVOKED: "invalid",
    Status.RETIRED: "invalid",
    Status.EXPIRED: "invalid",
}
_BY_VALUE = {rules.VALID: "", rules.INVALID: "invalid", rules.SUSPENDED: "suspended"}


def by_number(canonical_id: str, now: datetime) -> Checked:
    """Returns the answer of the registry itself about a canonical ID."""
    found = Registration.objects.filter(registry_id=canonical_id).first()
    problem = _BY_STATUS[issuing.status_of(found, now)] if found else "unknown"
    return Checked(Way.REGISTRY, now, problem, registry_id=ids.printed(canonical_id))


def by_token(token: str, now: datetime, *, page: bytes | None = None) -> Checked:
    """Returns the answer about a certificate: first itself, and only then the list it names (§8.3 of the status list draft).

    `page` is the PDF that the token was attached to: a genuine token does not make another page genuine. It is compared with
    the one on record and never taken apart.
    """
    keys = public_keys(now)
    try:
        claims = certificate(token, keys=keys, issuer=settings.SITE_URL, now=now)
    except TokenBad as error:
        return Checked(Way.CERTIFICATE, now, error.code)
    row = Certificate.objects.select_related("registration").filter(pk=_uuid(claims["jti"])).first()
    if row is None:
        return Checked(Way.CERTIFICATE, now, "not_recorded")
    if page is not None and page != bytes(row.paper or b""):
        return Checked(Way.CERTIFICATE, now, "page_altered", registry_id=claims["sub"], claims=claims)
    told = {"registry_id": claims["sub"], "claims": claims, "superseded": is_superseded(row)}
    try:
        value, as_of = _listed(claims, keys, now)
    except TokenBad as error:
        return Checked(Way.CERTIFICATE, now, error.code, **told)
    return Checked(Way.STATUS_LIST, as_of, _BY_VALUE.get(value, "invalid"), **told)


def certificate(token: str, *, keys: Mapping[str, Mapping[str, Any]], issuer: str, now: datetime) -> dict[str, Any]:
    """Returns the claims of a certificate that is genuine and in its time. Raises TokenBad, also with `issuer_wrong,
    vct_wrong, claims_missing, not_yet_valid` or `expired`. Its status is not looked at."""
    jwt, separator, disclosed = token.strip().partition("~")
    if not separator or disclosed:
        raise TokenBad("malformed")  # SD-JWT ends with ~, and ours discloses nothing (RFC 9901 §4)
    claims = tokens.verify(jwt, typ=made.TYPE, keys=keys)
    if claims.get("iss") != issuer:
        raise TokenBad("issuer_wrong")
    if claims.get("vct") != made.VCT:
        raise TokenBad("vct_wrong")
    if not all(isinstance(claims.get(name), int) for name in ("nbf", "exp")) or not isinstance(claims.get("jti"), str):
        raise TokenBad("claims_missing")
    if now.timestamp() < claims["nbf"]:
        raise TokenBad("not_yet_valid")
    if now.timestamp() >= claims["exp"]:
        raise TokenBad("expired")
    return claims


def listed(claims: Mapping[str, Any], token: str, *, keys: Mapping[str, Mapping[str, Any]], now: datetime) -> tuple[int, datetime]:
    """Returns the value that a Status List Token has for a certificate, and the moment of that token. Raises TokenBad with
    `list_…` for a list that must not be relied on."""
    try:
        reference = claims["status"]["status_list"]
        said = tokens.verify(token, typ=LIST_TYPE, keys=keys)
        if said["sub"] != reference["uri"]:
            raise TokenBad("of_another")
        if not said["iat"] <= now.timestamp() < said["exp"]:
            raise TokenBad("expired")
        inner = said["status_list"]
        value = bits.value_at(bits.decompress(inner["lst"]), reference["idx"], bits=inner["bits"])
    except TokenBad as error:
        raise TokenBad(f"list_{error.code}") from error
    except (KeyError, TypeError, bits.ListBad) as error:
        raise TokenBad("list_unreadable") from error
    return value, datetime.fromtimestamp(said["iat"], tz=UTC)


def _listed(claims: Mapping[str, Any], keys: Mapping[str, Mapping[str, Any]], now: datetime) -> tuple[int, datetime]:
    try:
        uri = str(claims["status"]["status_list"]["uri"])
    except (KeyError, TypeError) as error:
        raise TokenBad("list_missing") from error
    row = queries.published(now).filter(uri=uri).first()
    if row is None:
        raise TokenBad("list_missing")
    return listed(claims, row.token, keys=keys, now=now)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
