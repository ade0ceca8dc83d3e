"""The secret in the link to a guardian. It is stored nowhere: the mail derives it, the row keeps its digest."""

import base64
import hashlib
import uuid

from portal.vault import cipher


def token_of(guardianship_id: uuid.UUID, mailing: int) -> str:
    """Returns the token of one mailing: 256 bits of the index key's stream, safe in a link."""
    return base64.urlsafe_b64encode(cipher.derive(f"guardian:{guardianship_id}:{mailing}")).rstrip(b"=").decode()


def digest(token: str) -> str:
    """Returns what is stored of a token: its SHA-256, as hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
