"""Where a platform stands, for its first page."""

from datetime import datetime
from typing import Any

from portal.accounts.models import Environment, Platform
from portal.accounts.services.keys import usable


def of(platform: Platform, now: datetime) -> dict[str, Any]:
    """Returns the counts and the last use that the overview shows, and which first steps are done."""
    mine = list(usable(now).filter(platform=platform))
    clients = list(platform.clients.filter(revoked_at=None))
    used = [*(each.last_used_at for each in mine), *(each.last_used_at for each in clients)]
    return {
        "test_keys": sum(key.environment == Environment.TEST for key in mine),
        "live_keys": sum(key.environment == Environment.LIVE for key in mine),
        "clients": len(clients),
        "members": platform.members.count(),
        "last_used": max((at for at in used if at), default=None),
        "has_key": platform.keys.exists(),
        "has_asked": platform.keys.filter(last_used_at__isnull=False).exists(),
        "asked": platform.live_requests.filter(decided_at=None).first(),
    }
