"""Answers that any site may read and any cache may keep for seconds: strong ETag, 304, and errors in the form asked for."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from portal.kit import problems
from portal.kit.errors import PortalError, TooMany
from registry.record import rdap

CACHE = "public, max-age=5, stale-if-error=300"
METHODS = ["GET", "HEAD", "OPTIONS"]
JSON = "application/json"


def data_type(request: HttpRequest) -> str | None:
    """Returns the type of JSON that is asked for before HTML; None if HTML is."""
    best = request.get_preferred_type(["text/html", rdap.MEDIA_TYPE, JSON])
    return None if best in (None, "text/html") else best


def sent(request: HttpRequest, body: bytes, content_type: str, *, status: int = 200) -> HttpResponse:
    """Returns the body with its validator, or 304 if the caller has it."""
    etag = f'"{hashlib.sha256(content_type.encode() + body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=content_type, status=status, headers={"ETag": etag, "Cache-Control": CACHE})
    if status == 200:
        response = get_conditional_response(request, etag=etag, response=response) or response
    return shared(response)


def as_json(request: HttpRequest, document: Mapping[str, Any], content_type: str) -> HttpResponse:
    """Returns the document as JSON."""
    return sent(request, json.dumps(document, ensure_ascii=False).encode(), content_type)


def refused(request: HttpRequest, error: PortalError, content_type: str) -> HttpResponse:
    """Returns the error as RDAP or as a problem; it is not kept."""
    if content_type == rdap.MEDIA_TYPE:
        told = rdap.error(error.status, str(error.title), str(error.detail))
    else:
        told, content_type = problems.as_dict(error, instance=request.path), problems.CONTENT_TYPE
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {})
    body = json.dumps(told, ensure_ascii=False)
    return shared(HttpResponse(body, status=error.status, content_type=content_type, headers=headers))


def preflight() -> HttpResponse:
    """Returns what a browser asks before a script sends `If-None-Match`."""
    return shared(HttpResponse(status=204, headers={"Cache-Control": CACHE}))


def shared(response: HttpResponse) -> HttpResponse:
    """Opens the answer to scripts and pages of other sites: it is the same for everybody and knows no session."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = "GET, HEAD"
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Accept"])
    return response
