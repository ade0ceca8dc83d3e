"""Expected errors become a page for people or RFC 9457 `application/problem+json` for programs, here and only here."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from portal.kit.errors import Invalid, PortalError, TooMany

CONTENT_TYPE = "application/problem+json"


def as_dict(error: PortalError, *, instance: str = "", identifier: str = "") -> dict[str, Any]:
    """Returns the members of RFC 9457 §3.1 and our extensions: `code`, `documentation` (where it is explained), `errors`
    (a list of `{pointer, detail}`) and `request_id`."""
    problem: dict[str, Any] = {
        "type": error.type or f"urn:vhr:problem:{error.code}",
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.detail),
        "code": error.code,
        "documentation": f"{settings.SITE_URL}{settings.ERROR_CATALOGUE}#{error.code}",
        **error.members,
    }
    if instance:
        problem["instance"] = instance
    if identifier:
        problem["request_id"] = identifier
    if isinstance(error, Invalid) and error.errors:
        problem["errors"] = [{"pointer": f"#/{name}", "detail": str(text)} for name, text in error.errors.items()]
    return problem


def wants_json(request: HttpRequest) -> bool:
    """Returns whether the caller is a program: an API path, or a JSON type asked for before HTML."""
    if request.path.startswith(("/api/", "/gate/")):
        return True
    best = request.get_preferred_type(["text/html", "application/json", CONTENT_TYPE])
    return best is not None and best != "text/html"


def respond(request: HttpRequest, error: PortalError) -> HttpResponse:
    """Returns the answer for an expected error, in the form the caller reads."""
    if wants_json(request):
        body = json.dumps(as_dict(error, instance=request.path, identifier=request_id(request)), ensure_ascii=False)
        response = HttpResponse(body, status=error.status, content_type=CONTENT_TYPE)
        if error.status == 401:  # RFC 9110 §11.6.1
            response["WWW-Authenticate"] = 'Bearer realm="registry"'
    else:
        context = {"title": error.title, "detail": error.detail, "code": error.code, "request_id": request_id(request)}
        response = render(request, f"{_page(error.status)}.html", context, status=error.status)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    patch_vary_headers(response, ["Accept"])
    return response


def _page(status: int) -> int:
    return status if status in (400, 403, 404, 409, 429) else 400


def request_id(request: HttpRequest) -> str:
    """Returns the random identifier of this request; it stands in the answer's `X-Request-ID` and in the trail."""
    found: str = request.META.setdefault("vhr.request_id", uuid.uuid4().hex)
    return found


class ProblemMiddleware:
    """Answers expected errors raised by views, and gives every answer its request identifier."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Returns the view's answer with `X-Request-ID`."""
        identifier = request_id(request)
        response = self.get_response(request)
        response["X-Request-ID"] = identifier
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Returns the answer for an expected error; None leaves an unknown one to Django."""
        return respond(request, error) if isinstance(error, PortalError) else None
