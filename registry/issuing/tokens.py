"""The secrets in the two links of a transfer. They are stored nowhere: each mail derives its own, the row keeps the digests."""

import base64
import hashlib
import uuid

from portal.vault import cipher

GIVER, RECEIVER = "giver", "receiver"


def token_of(transfer_id: uuid.UUID, side: str) -> str:
    """Returns the token of one side: 256 bits of the index key's stream, safe in a link."""
    return base64.urlsafe_b64encode(cipher.derive(f"transfer:{transfer_id}:{side}")).rstrip(b"=").decode()


def digest(token: str) -> str:
    """Returns what is stored of a token: its SHA-256, as hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
