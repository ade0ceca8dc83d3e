"""How much a platform may ask: counted in the database by one atomic statement for each quota, so that no count is lost."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from portal.accounts.callers import Caller
from portal.accounts.models import Environment
from portal.api.errors import QuotaExceeded
from portal.kit.limits import Quota, headers

# A new window takes the place of the old one; beyond the limit nothing is counted any more.
_COUNT = """
INSERT INTO api_window AS w (platform_id, environment, quota, began, used) VALUES (%(platform)s, %(environment)s, %(quota)s, %(began)s, 1)
ON CONFLICT (platform_id, environment, quota) DO UPDATE SET
    used = CASE WHEN w.began < EXCLUDED.began THEN 1 ELSE LEAST(w.used, %(limit)s) + 1 END,
    began = GREATEST(w.began, EXCLUDED.began)
RETURNING used
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands with a quota after this request; `reset` in seconds."""

    quota: Quota
    used: int
    reset: int

    @property
    def exceeded(self) -> bool:
        """Whether this request was one too many."""
        return self.used > self.quota.limit


def quotas() -> list[Quota]:
    """Returns the quotas of every platform, the shortest window first."""
    return [Quota(*each) for each in settings.API_QUOTAS]


def consume(caller: Caller, standings: list[Standing], *, now: datetime) -> None:
    """Counts one request and appends where the caller stands with each quota. Raises QuotaExceeded.

    A request that a short quota refuses does not count for the longer ones. Keys of one platform share its quotas: a second
    key for a rotation is no second portion.
    """
    for quota in quotas():
        standing = _count(caller.platform_id, caller.environment, quota, now)
        standings.append(standing)
        if standing.exceeded:
            raise QuotaExceeded(quota, retry_after=standing.reset)


def take(platform_id: uuid.UUID, quota: Quota, *, now: datetime) -> Standing:
    """Returns where a platform stands with a quota of something dear after one more of it, whichever door it came through."""
    return _count(platform_id, Environment.LIVE, quota, now)


def spend(platform_id: uuid.UUID, quota: Quota, *, now: datetime) -> None:
    """Counts one more of something dear. Raises QuotaExceeded."""
    standing = take(platform_id, quota, now=now)
    if standing.exceeded:
        raise QuotaExceeded(quota, retry_after=standing.reset)


def _count(platform_id: uuid.UUID, environment: Environment, quota: Quota, now: datetime) -> Standing:
    second = int(now.timestamp())
    began = second - second % quota.window_seconds
    values: dict[str, Any] = {
        "platform": platform_id,
        "environment": environment.value,
        "quota": quota.name,
        "began": began,
        "limit": quota.limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        [used] = cursor.fetchone()
    return Standing(quota, used, began + quota.window_seconds - second)


def told(standings: Sequence[Standing]) -> dict[str, str]:
    """Returns the header fields: every quota as a policy, and where the caller stands with those that were counted."""
    policies = [headers(quota, 0, 0)["RateLimit-Policy"] for quota in quotas()]
    stands = [headers(each.quota, each.quota.limit - each.used, each.reset)["RateLimit"] for each in standings]
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(stands)} if stands else {}
