"""Secrets of a machine that was given none: drawn once, kept in the data directory, readable by its owner only."""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TypedDict


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
    path = data_dir / "secrets.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(_draw(), file)
        try:
            os.link(draft, path)  # fails if another process was first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    loaded: LocalSecrets = json.loads(path.read_text())
    return loaded
