"""The form of an API key: `vhk_live_` or `vhk_test_` + 22 random base-62 characters + 6 of checksum. Pure.

The typed prefix lets secret scanners find a leaked key; the CRC-32 lets a door refuse a mistyped one unseen.
"""

import hashlib
import secrets
import string
import zlib

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
FAMILY = "vhk_"
PREFIXES = {"live": "vhk_live_", "test": "vhk_test_"}
PREFIX = PREFIXES["live"]
RANDOM, CHECK = 22, 6


def _checksum(body: str) -> str:
    number, out = zlib.crc32(body.encode()), ""
    for _ in range(CHECK):
        number, digit = divmod(number, len(ALPHABET))
        out = ALPHABET[digit] + out
    return out


def draw(environment: str = "live") -> str:
    """Returns a new key for the registry (`live`) or the sandbox (`test`)."""
    body = PREFIXES[environment] + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return body + _checksum(body)


def well_formed(key: str) -> bool:
    """Returns whether the key can be one of ours: prefix, length and checksum."""
    body, check = key[:-CHECK], key[-CHECK:]
    return key.startswith(tuple(PREFIXES.values())) and len(key) == len(PREFIX) + RANDOM + CHECK and _checksum(body) == check


def digest(key: str) -> str:
    """Returns what is stored of a key: its SHA-256, as hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()


def hint(key: str) -> str:
    """Returns what is shown of a key later: the prefix and four characters."""
    return f"{key[: len(PREFIX) + 4]}…"
