"""How long a registration can be renewed, restored and handed on, and what keeps it from that. Pure."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from registry.issuing.verdict import Facts, Status, missing_links, status

TERM = timedelta(days=365)
EARLY = timedelta(days=60)  # before the end: from here on a registration can be renewed
GRACE = timedelta(days=30)  # after the end: it has expired, and a renewal still goes on from the old end
UNDO = timedelta(days=30)  # in which a retirement can be undone; afterwards the ID stands for nothing ever again
TRANSFER_LIFE = timedelta(days=7)  # in which both sides confirm
DAILY_TRANSFERS = 5  # asked for by one operator: the address may be a stranger's
REMINDERS = (60, 14, 3)  # days before the end
_CODE = re.compile(r"[\x20-\x7e]{1,64}")


def in_window(expires_at: datetime, now: datetime) -> bool:
    """Returns whether a term that ends at `expires_at` can be renewed at `now`."""
    return expires_at - EARLY <= now < expires_at + GRACE


def renewal_problems(facts: Facts, prohibited: Collection[str], now: datetime) -> tuple[str, ...]:
    """Returns why a registration cannot be renewed as it stands, without an officer; empty if it can.

    `prohibited` are the registry's prohibitions. `ended` and `not_yet_due` no officer can help either; all others lead to a
    new application.
    """
    if status(facts, now) in (Status.REVOKED, Status.RETIRED):
        return ("ended",)
    if now < facts.expires_at - EARLY:
        return ("not_yet_due",)
    late = () if in_window(facts.expires_at, now) else ("too_late",)
    return (*late, *missing_links(facts, now), *(["prohibited"] if prohibited else []))


def transfer_problems(facts: Facts, prohibited: Collection[str], now: datetime) -> tuple[str, ...]:
    """Returns why a registration cannot pass to another operator; empty if it can. `prohibited`: acts, by either side."""
    ended = status(facts, now) in (Status.REVOKED, Status.RETIRED, Status.EXPIRED)
    checks = [("not_active", ended), ("prohibited", "transfer" in prohibited), ("held", bool(facts.holds))]
    return tuple(code for code, applies in checks if applies)


def undo_until(retired_at: datetime | None, revoked_at: datetime | None, now: datetime) -> datetime | None:
    """Returns until when a retirement can be undone; None where it cannot (any more)."""
    if retired_at is None or revoked_at is not None:
        return None
    return retired_at + UNDO if now < retired_at + UNDO else None


def can_be_restored(retired_at: datetime | None, revoked_at: datetime | None, now: datetime) -> bool:
    """Returns whether a retirement can still be undone."""
    return undo_until(retired_at, revoked_at, now) is not None


def is_final(retired_at: datetime | None, now: datetime) -> bool:
    """Returns whether a retirement stands for good: what is left is a tombstone."""
    return retired_at is not None and retired_at + UNDO <= now


def reminder_due(expires_at: datetime, reminded: int | None, now: datetime) -> int | None:
    """Returns of how many days before the end the operator must be reminded now; None if of nothing.

    Whoever was not reached in time gets the latest reminder alone.
    """
    left = expires_at - now
    due = [days for days in REMINDERS if timedelta(0) < left <= timedelta(days=days)]
    latest = min(due, default=None)
    return latest if latest is not None and (reminded is None or latest < reminded) else None


def is_code(text: str) -> bool:
    """Returns whether a text can be a national code: 1 to 64 printable ASCII characters, no space at either end."""
    return _CODE.fullmatch(text) is not None and text == text.strip()
