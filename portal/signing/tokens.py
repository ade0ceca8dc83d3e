"""Signed tokens (JWS compact, RFC 7515): one algorithm, three header members, and nothing that a token says about itself is believed."""

import json
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from portal.signing.keys import ALGORITHM, identifier

LONGEST = 2 * 1024 * 1024  # characters; a full status list in the worst case has half of it
HEADER = frozenset({"alg", "typ", "kid"})


class TokenBad(Exception):
    """A token is not to be relied on; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def payload(claims: Mapping[str, Any]) -> bytes:
    """Returns the bytes that are signed for these claims."""
    return json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()


def sign(key: ECKey, *, typ: str, content: bytes) -> str:
    """Returns the token over `content`."""
    header = {"alg": ALGORITHM, "typ": typ, "kid": identifier(key)}
    return jws.serialize_compact(header, content, key, algorithms=[ALGORITHM])


def verify(token: str, *, typ: str, keys: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Returns the claims of a token that one of our public `keys` (JWKs by `kid`) signed.

    The algorithm is ours, not the token's; `jku`, `jwk`, `x5u` and every other header member are refused unread (RFC 8725
    §3.1, §3.10, §3.11). Raises TokenBad with `malformed, header_refused, algorithm_refused, type_wrong, key_unknown` or
    `signature_wrong`. Times are the caller's to look at.
    """
    key = _key(_header(token), typ, keys)
    try:
        signed = jws.deserialize_compact(token, key, algorithms=[ALGORITHM])
        claims = json.loads(signed.payload or b"")
    except JoseError as error:
        raise TokenBad("signature_wrong") from error
    except (ValueError, RecursionError) as error:
        raise TokenBad("malformed") from error
    if not isinstance(claims, dict):
        raise TokenBad("malformed")
    return claims


def _header(token: str) -> dict[str, Any]:
    if len(token) > LONGEST or token.count(".") != 2:
        raise TokenBad("malformed")
    try:
        header = jws.extract_compact(token.encode("ascii")).protected
    except (JoseError, ValueError, RecursionError) as error:
        raise TokenBad("malformed") from error
    if not isinstance(header, dict):
        raise TokenBad("malformed")
    return header


def _key(header: dict[str, Any], typ: str, keys: Mapping[str, Mapping[str, Any]]) -> ECKey:
    if header.get("alg") != ALGORITHM:
        raise TokenBad("algorithm_refused")
    if header.get("typ") != typ:
        raise TokenBad("type_wrong")
    if set(header) != HEADER:
        raise TokenBad("header_refused")
    kid = header["kid"]
    if not isinstance(kid, str) or kid not in keys:
        raise TokenBad("key_unknown")
    return ECKey.import_key(dict(keys[kid]))
