"""The base of every view of the API: who calls, how much they may, and the same header fields on every answer."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.access.actor import Actor
from portal.accounts.callers import Caller
from portal.api import limiting, usage
from portal.api.authentication import CallerAuthentication
from portal.api.describing import described
from portal.api.errors import MethodNotAllowed, translated
from portal.api.limiting import Standing
from portal.api.operations import Handler, Operation, run
from portal.api.parsing import StrictJSONParser
from portal.kit import clock
from portal.kit.problems import request_id, respond

log = logging.getLogger(__name__)
_THEIR_ID = re.compile(r"[A-Za-z0-9._~:-]{1,64}")


class JSON(JSONRenderer):
    """JSON in UTF-8, in one form only: no indentation by `Accept`."""

    def get_indent(self, accepted_media_type: str, renderer_context: Any) -> None:
        """Nobody asks for another form of the same."""


class ApiView(APIView):
    """Answers platforms. Its handlers are declared by `operation`."""

    authentication_classes = (CallerAuthentication,)
    parser_classes = (StrictJSONParser,)
    renderer_classes = (JSON,)
    permission_classes = ()
    metadata_class = None
    http_method_names = ["get", "head", "post", "patch", "delete"]

    caller: Caller
    query: dict[str, Any]
    body: dict[str, Any]
    now: datetime

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Finds out who calls and counts the call, before anything else is looked at."""
        if (request.method or "").lower() not in self.http_method_names or request.method not in self.allowed_methods:
            raise MethodNotAllowed
        self.caller = request.user if isinstance(request.user, Caller) else None  # type: ignore[assignment]
        if self.caller is not None:
            limiting.consume(self.caller, self.standings, now=self.now)
        super().initial(request, *args, **kwargs)

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        """Returns the request of the framework; from here on there is a moment."""
        self.now, self.standings = clock.now(), list[Standing]()
        self.caller = None  # type: ignore[assignment]
        return super().initialize_request(request, *args, **kwargs)

    @property
    def actor(self) -> Actor:
        """The platform as an actor, with the request's identifier for the trail."""
        return replace(self.caller.actor, request_id=request_id(self.request._request))

    def handle_exception(self, exc: Exception) -> HttpResponseBase:  # type: ignore[override]
        """Returns the problem; an error that nobody expected is counted and goes on to Django."""
        error = translated(exc)
        if error is None:
            self._count(500)
            raise exc
        return respond(self.request._request, error)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Returns the answer with the header fields that every answer has."""
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 405:
            response["Allow"] = ", ".join(self.allowed_methods)
        for name, value in limiting.told(self.standings).items():
            response[name] = value
        theirs = request.headers.get("X-Request-ID", "")
        if _THEIR_ID.fullmatch(theirs):
            response["X-Correlation-ID"] = theirs
            log.info("request %s is the caller's %s", request_id(request._request), theirs)
        response.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ["Authorization", "Accept"])
        self._count(response.status_code)
        return response

    def _count(self, status: int) -> None:
        if self.caller is not None:
            usage.count(self.caller, self._operation(), status, now=self.now)

    def _operation(self) -> str:
        method = (self.request.method or "").lower()
        handler = getattr(self, "get" if method == "head" else method, None) if method in self.http_method_names else None
        found: Operation | None = getattr(handler, "operation", None)
        return found.name if found else "other"


def operation(declared: Operation) -> Callable[[Handler], Handler]:
    """Makes a view's method the operation that is declared: what it says is enforced, and stands in the reference."""

    def decorate(handler: Handler) -> Handler:
        def wrapped(self: ApiView, request: Request, *args: Any, **kwargs: Any) -> Response:
            return run(declared, handler, self, request, *args, **kwargs)

        wrapped.__doc__ = handler.__doc__
        wrapped.operation = declared  # type: ignore[attr-defined]
        documented: Handler = described(declared)(wrapped)
        return documented

    return decorate
