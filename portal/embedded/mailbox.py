"""The mails that the demo wrote into files instead of sending them."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

_NAME = re.compile(r"^[\w-]+\.log$", re.ASCII)
_BETWEEN_MAILS = re.compile(rb"^-{79}$", re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """One mail, addressed by the file it stands in and its place there."""

    key: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    return str(body.get_content()) if body is not None else ""


def _moment(date: str) -> datetime:
    sent = parsedate_to_datetime(date)
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)  # "-0000", as Django writes it, is read without a zone


def _mail(key: str, raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    date = message["Date"]
    return Mail(
        key=key,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=_moment(str(date)) if date else None,
        text=_text(message).strip(),
    )


def _in_file(path: Path) -> list[Mail]:
    raw = _BETWEEN_MAILS.split(path.read_bytes())
    return [_mail(f"{path.stem}.{place}", part.strip()) for place, part in enumerate(raw) if part.strip()]


def newest(folder: Path, limit: int = 200) -> list[Mail]:
    """Returns up to `limit` mails of `folder`, newest first."""
    files = [path for path in folder.glob("*.log") if _NAME.match(path.name)]
    files.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    found: list[Mail] = []
    for path in files:
        found += reversed(_in_file(path))
        if len(found) >= limit:
            break
    return found[:limit]


def find(folder: Path, key: str) -> Mail | None:
    """Returns the mail with this key, or None. The key never leads out of `folder`."""
    stem, _, _place = key.rpartition(".")
    path = folder / f"{stem}.log"
    if not _NAME.match(path.name) or not path.is_file():
        return None
    return next((mail for mail in _in_file(path) if mail.key == key), None)
