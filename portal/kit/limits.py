"""What a limited door tells about its limit (draft-ietf-httpapi-ratelimit-headers): the policy, and what is left of it. Pure."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in so many seconds, under a name."""

    name: str
    limit: int
    window_seconds: int


def headers(quota: Quota, remaining: float, reset: float) -> dict[str, str]:
    """Returns `RateLimit-Policy` and `RateLimit`: `remaining` requests are left, and more will be in `reset` seconds.

    With nothing left, `Retry-After` too: the draft lets it win over the others.
    """
    left, seconds = max(0, math.floor(remaining)), max(0, math.ceil(reset))
    told = {
        "RateLimit-Policy": f'"{quota.name}";q={quota.limit};w={quota.window_seconds}',
        "RateLimit": f'"{quota.name}";r={left};t={seconds}',
    }
    return told if left else told | {"Retry-After": str(max(1, seconds))}
