"""Envelope encryption: AES-256-GCM under a data key per record, the data key wrapped by a master key.

A sealed value is `version | nonce (12) | ciphertext and tag`; the place it belongs to (model, field, row) is the
associated data, so that a value moved to another row or column does not open. A failure raises.
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32
BLIND_INDEX_BYTES = 16


class VaultError(Exception):
    """A sealed value did not open: wrong key, wrong place or tampered with."""


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """Returns `plain` sealed under `key` for `place`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Returns the plain bytes; raises VaultError if anything about key, place or bytes is not as it was."""
    if sealed[:1] != VERSION:
        raise VaultError(f"unknown version of a sealed value at {place}")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, place.encode())
    except InvalidTag as error:
        raise VaultError(f"a sealed value at {place} does not open") from error


@lru_cache
def _masters(entries: tuple[str, ...]) -> dict[str, bytes]:
    keys = {name: base64.b64decode(value) for name, _, value in (entry.partition(":") for entry in entries)}
    if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise VaultError("VAULT_MASTER_KEYS needs at least one id:base64 entry of 32 bytes")
    return keys


def masters() -> dict[str, bytes]:
    """Returns the master keys by identifier, the one that wraps first."""
    return _masters(tuple(settings.VAULT_MASTER_KEYS))


def wrap(key: bytes, place: str) -> tuple[str, bytes]:
    """Returns the master key's identifier and `key` wrapped by it for `place`."""
    name, master = next(iter(masters().items()))
    return name, seal(master, key, f"{place}:{name}")


def unwrap(name: str, wrapped: bytes, place: str) -> bytes:
    """Returns the data key; raises VaultError if the master key is not known here or does not fit."""
    if name not in masters():
        raise VaultError(f"master key {name} is not configured")
    return unseal(masters()[name], wrapped, f"{place}:{name}")


def derive(purpose: str, length: int = KEY_BYTES) -> bytes:
    """Returns `length` bytes of the index key's stream for `purpose` (SHAKE-256 over key and purpose)."""
    index_key = base64.b64decode(settings.VAULT_INDEX_KEY)
    if len(index_key) != KEY_BYTES:
        raise VaultError("VAULT_INDEX_KEY needs 32 bytes in base64")
    return hashlib.shake_256(index_key + purpose.encode()).digest(length)


def blind_index(purpose: str, value: str) -> bytes:
    """Returns 16 bytes by which equal values are found without being known (HMAC-SHA-256, truncated).

    For values that cannot be guessed through: identity numbers and e-mail addresses, never names.
    """
    return hmac.digest(derive(f"blind-index:{purpose}"), value.encode(), "sha256")[:BLIND_INDEX_BYTES]
