"""Tokens as an attacker writes them: any header, any key, no library that would object."""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey


def written(data: bytes) -> str:
    """Returns base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forged(header: Mapping[str, Any], key: ECKey | bytes | None, content: bytes = b"{}") -> str:
    """Returns a token signed by ES256 (a key), by HS256 (a secret) or by nobody (None), whatever the header says."""
    text = f"{written(json.dumps(header).encode())}.{written(content)}"
    if key is None:
        return f"{text}."
    if isinstance(key, bytes):
        return f"{text}.{written(hmac.digest(key, text.encode(), 'sha256'))}"
    r, s = decode_dss_signature(key.private_key.sign(text.encode(), ECDSA(SHA256())))  # type: ignore[union-attr]
    return f"{text}.{written(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
