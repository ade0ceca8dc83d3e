"""Reading a feed: complete and in order."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.feed.models import Change, Feed
from portal.kit.clock import rfc3339
from portal.kit.errors import PortalError


class CursorGone(PortalError):
    """What stood behind the cursor is kept no longer."""

    code = "cursor_gone"
    status = 410
    title = _("The cursor is too old")
    help = _("Changes are kept for 90 days. Read the state of every registration you show again, then start without a cursor.")


def after(platform: str, sequence: int, *, limit: int) -> list[Change]:
    """Returns the changes of a platform's feed behind the number `sequence`, in order."""
    behind = Change.objects.filter(feed__platform=platform, sequence__gt=sequence)
    return list(behind.order_by("sequence")[:limit])


def head_of(platform: str) -> Feed:
    """Returns the head of a platform's feed; an empty one, not stored, where nothing was told yet."""
    return Feed.objects.filter(platform=platform).first() or Feed(platform=platform)


def as_payload(kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """Returns an event as platforms read it: the three members of Standard Webhooks 1.0, `timestamp` in RFC 3339, UTC."""
    return {"type": kind, "timestamp": rfc3339(at), "data": data}


def told(change: Change) -> dict[str, Any]:
    """Returns the payload of a change."""
    data = {"registry_id": change.registry_id, "status": change.status, "sequence": change.sequence}
    return as_payload(change.type, change.at, data)


def identifier(event: object) -> str:
    """Returns the event's public identifier: the same in the feed, in every delivery and every retry."""
    return f"msg_{str(event).replace('-', '')}"
