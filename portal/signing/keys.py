"""The private keys that sign what leaves the house: ES256, newest first, from the environment or a file, never in the database."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from portal.kit import drawn

ALGORITHM, CURVE = "ES256", "P-256"
LOCAL_FILE = "signing-keys.json"
_PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)


class SigningError(Exception):
    """A key cannot be read, is of another kind, or none can sign."""


def draw() -> ECKey:
    """Returns a new private key."""
    return ECKey.generate_key(CURVE, private=True)


def identifier(key: ECKey) -> str:
    """Returns the `kid`: the key's thumbprint (RFC 7638)."""
    return key.thumbprint()


def public(key: ECKey) -> dict[str, Any]:
    """Returns the public half as a JWK."""
    shown: dict[str, Any] = {**key.as_dict(private=False), "kid": identifier(key), "use": "sig", "alg": ALGORITHM}
    return shown


def file() -> Path | None:
    """Returns the file that holds the keys; None where SIGNING_KEYS holds them itself."""
    given: str = settings.SIGNING_KEYS.strip()
    if not given:
        return Path(settings.DATA_DIR) / LOCAL_FILE
    return None if given.startswith(("{", "[", "-----BEGIN")) else Path(given)


def configured() -> tuple[ECKey, ...]:
    """Returns the private keys, the newest first. A changed file is read anew; the local one is drawn at the first call.

    Raises SigningError.
    """
    path = file()
    if path is None:
        return _parsed(settings.SIGNING_KEYS)
    if not settings.SIGNING_KEYS:
        drawn.once(path, lambda: dumped((draw(),)))
    try:
        seen = path.stat()
    except OSError as error:
        raise SigningError(f"the file of SIGNING_KEYS cannot be read: {error.strerror}") from error
    return _read(path, seen.st_mtime_ns, seen.st_ino)


def dumped(keys: tuple[ECKey, ...]) -> str:
    """Returns private keys as the text of a JWK Set."""
    return json.dumps({"keys": [key.as_dict(private=True) for key in keys]})


def put_first(key: ECKey) -> bool:
    """Adds a new key to the file, before the others. Returns False where the keys stand in the environment."""
    path = file()
    if path is None:
        return False
    drawn.replace(path, dumped((key, *configured())))
    return True


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _inode: int) -> tuple[ECKey, ...]:
    return _parsed(path.read_text())


@lru_cache(maxsize=4)
def _parsed(text: str) -> tuple[ECKey, ...]:
    try:
        keys = tuple(_imported(each) for each in _split(text))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SigningError("SIGNING_KEYS is neither a JWK Set nor keys in PEM") from error
    if not keys:
        raise SigningError("SIGNING_KEYS holds no key")
    return keys


def _split(text: str) -> list[Any]:
    if "-----BEGIN" in text:
        return [each.group() for each in _PEM.finditer(text)]
    loaded = json.loads(text)
    if isinstance(loaded, dict):
        loaded = loaded.get("keys", [loaded])
    return list(loaded)


def _imported(value: Any) -> ECKey:
    key = ECKey.import_key(value)
    if not key.is_private or key.curve_name != CURVE:
        raise SigningError(f"a signing key must be a private key on {CURVE}")
    return key
