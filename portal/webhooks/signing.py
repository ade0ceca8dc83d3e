"""Standard Webhooks 1.0: symmetric `v1` (HMAC-SHA256, by the standard's own library) and asymmetric `v1a` (ed25519). Pure."""

import base64
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from standardwebhooks import Webhook

_SYMMETRIC, _PRIVATE, _PUBLIC = "whsec_", "whsk_", "whpk_"
SECRET_BYTES = 32  # the standard asks for 24 to 64


class Scheme(StrEnum):
    """The two forms of a signature; the standard prefers the second."""

    V1 = "v1"
    V1A = "v1a"


def draw(scheme: Scheme) -> tuple[str, str]:
    """Returns a new secret and, for `v1a`, the public key beside it (else "")."""
    random = secrets.token_bytes(SECRET_BYTES)
    if scheme is Scheme.V1:
        return _SYMMETRIC + _text(random), ""
    public = Ed25519PrivateKey.from_private_bytes(random).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return _PRIVATE + _text(random), _PUBLIC + _text(public)


def headers(identifier: str, body: str, *, keys: Iterable[str], now: datetime) -> dict[str, str]:
    """Returns the three headers; one signature for each key, so that either of two keys opens while they change."""
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(sign(key, identifier, body, now) for key in keys),
    }


def sign(key: str, identifier: str, body: str, now: datetime) -> str:
    """Returns one signature, with its version; raises ValueError for a key of no known form."""
    if key.startswith(_SYMMETRIC):
        # The library takes any moment for UTC.
        return Webhook(key).sign(identifier, now.astimezone(UTC), body)
    if not key.startswith(_PRIVATE):
        raise ValueError("neither whsec_ nor whsk_")
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.removeprefix(_PRIVATE)))
    content = f"{identifier}.{int(now.timestamp())}.{body}".encode()
    return f"v1a,{_text(private.sign(content))}"


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
