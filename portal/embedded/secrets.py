"""Secrets of a machine that was given none: drawn once, kept in the data directory, readable by its owner only."""

import base64
import json
import secrets
from pathlib import Path
from typing import TypedDict

from portal.kit import drawn


class LocalSecrets(TypedDict):
    """What a first start draws: Django's secret key, the vault's master keys (newest first) and its index key."""

    secret_key: str
    vault_master_keys: list[str]
    vault_index_key: str


def _draw() -> LocalSecrets:
    key, index = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    return {"secret_key": secrets.token_urlsafe(50), "vault_master_keys": [f"local-1:{key}"], "vault_index_key": index}


def ensure(data_dir: Path) -> LocalSecrets:
    """Returns the secrets of `data_dir`, drawing them at the first call. Two processes that race agree on one set."""
    loaded: LocalSecrets = json.loads(drawn.once(data_dir / "secrets.json", lambda: json.dumps(_draw())))
    return loaded
