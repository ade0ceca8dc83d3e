"""Where a request comes from, as far as it can be known."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings

_WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>[\d.]+):\d+")


def address_of(environ: Mapping[str, Any]) -> str:
    """Returns the caller's address from a WSGI environment (or `request.META`); "" where our own proxies do not tell it.

    Each of our proxies appends the address it saw to X-Forwarded-For. What stands before those entries is the caller's own
    invention, so entries are counted from the end.
    """
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", ""))
    if not trusted or not forwarded:
        return str(environ.get("REMOTE_ADDR", ""))
    entries = [each.strip() for each in forwarded.split(",")]
    return _bare(entries[-trusted]) if len(entries) >= trusted else ""


def _bare(entry: str) -> str:
    found = _WITH_PORT.fullmatch(entry)
    return (found["six"] or found["four"]) if found else entry
