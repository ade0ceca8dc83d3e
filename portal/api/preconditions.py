"""Versions: `ETag`, `If-None-Match` and `If-Match` (RFC 9110 §8.8.3, §13.1)."""

import hashlib
import json
from typing import Any

from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.errors import PreconditionFailed, PreconditionMissing

KEEP = "private, no-cache"  # may be kept by the caller, who asks each time whether it still stands


def etag_of(data: Any) -> str:
    """Returns the strong validator of a representation."""
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"), default=str)
    return f'"{hashlib.sha256(canonical.encode()).hexdigest()[:32]}"'


def answer(request: Request, data: Any, *, status: int = 200) -> Response:
    """Returns the representation with its ETag; 304 without it if the caller has this version."""
    etag = etag_of(data)
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    same = request.method in ("GET", "HEAD") and (etag in known or "*" in known)
    response = Response(status=304) if same else Response(data, status=status)
    response["ETag"], response["Cache-Control"] = etag, KEEP
    return response


def require_match(request: Request, data: Any) -> None:
    """Returns if the caller changes the version it has read, which is `data`. Raises PreconditionMissing or PreconditionFailed.

    To be called with the row locked: between this look and the change nobody else comes.
    """
    header = request.headers.get("If-Match")
    if not header:
        raise PreconditionMissing
    known = parse_etags(header)
    if etag_of(data) not in known and "*" not in known:
        raise PreconditionFailed
