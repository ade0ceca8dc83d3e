"""How often something may be done: a quota, and the header fields that tell where a caller stands. Pure.

draft-ietf-httpapi-ratelimit-headers (repository of September 2025): Structured Fields, a list of quotas with parameters.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `limit` requests in each window of `window_seconds`."""

    name: str
    limit: int
    window_seconds: int


def headers(quota: Quota, remaining: int, reset: int) -> dict[str, str]:
    """Returns `RateLimit-Policy` and `RateLimit` for one quota; `reset` in seconds. Several are joined by a comma."""
    return {
        "RateLimit-Policy": f'"{quota.name}";q={quota.limit};w={quota.window_seconds}',
        "RateLimit": f'"{quota.name}";r={max(remaining, 0)};t={reset}',
    }
