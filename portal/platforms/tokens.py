"""The secret in the link of a member's invitation. It is stored nowhere: the mail derives it, the row keeps its digest."""

import base64
import hashlib
import uuid

from portal.vault import cipher


def token_of(invitation_id: uuid.UUID) -> str:
    """Returns the token of an invitation: 256 bits of the index key's stream, safe in a link."""
    return base64.urlsafe_b64encode(cipher.derive(f"platform-invitation:{invitation_id}")).rstrip(b"=").decode()


def digest(token: str) -> str:
    """Returns what is stored of a token: its SHA-256, as hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
