"""HTTP for the gate: two addresses, JSON in and out, every error a problem (RFC 9457)."""

import json
import logging
import uuid
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, close_old_connections
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.kit import clock
from portal.kit.addresses import address_of
from portal.kit.errors import NotFound, PortalError, TooMany
from portal.kit.problems import CONTENT_TYPE, as_dict
from registry.gate import asks, checks
from registry.gate.projection import Projection

log = logging.getLogger(__name__)
Answer = tuple[HTTPStatus, dict[str, Any], str, dict[str, str]]  # status, body, its type, more headers
CHECK, HEALTH = "/gate/v1/check", "/gate/healthz"


class MethodNotAllowed(PortalError):
    """The address answers another method."""

    code = "method_not_allowed"
    status = 405
    title = _("Use another method")
    help = _("Checks are sent with POST.")


class Unexpected(PortalError):
    """Something nobody expected; the answer tells nothing, and nothing is allowed."""

    code = "internal"
    status = 500
    title = _("The gate could not answer")
    help = _("Nothing was decided. Ask again; if it goes on, tell us the X-Request-ID of this answer.")


class Gate:
    """The WSGI application of one projection."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Returns the answer's body; never raises, never allows by mistake."""
        request, identifier = WSGIRequest(environ), uuid.uuid4().hex
        close_old_connections()
        with translation.override(translation.get_language_from_request(request)):
            status, body, content_type, more = self._respond(request)
        data = json.dumps(body, ensure_ascii=False).encode()
        headers = [
            ("Content-Type", content_type),
            ("Content-Length", str(len(data))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Request-ID", identifier),
            *more.items(),
        ]
        if status == HTTPStatus.UNAUTHORIZED:
            headers.append(("WWW-Authenticate", 'Bearer realm="gate"'))
        start_response(f"{status.value} {status.phrase}", headers)
        return [data]

    def _respond(self, request: WSGIRequest) -> Answer:
        try:
            return HTTPStatus.OK, self._route(request), "application/json", {}
        except PortalError as error:
            return _problem(error, request)
        except Error:
            log.exception("the gate has lost its database")
            return _problem(checks.Stale(), request)
        except Exception:
            log.exception("the gate failed")
            return _problem(Unexpected(), request)

    def _route(self, request: WSGIRequest) -> dict[str, Any]:
        if request.path == HEALTH:
            return self._health()
        if request.path != CHECK:
            raise NotFound
        if request.method != "POST":
            raise MethodNotAllowed
        now = clock.now()
        key = checks.authorise(self.projection, request.headers.get("Authorization", ""), address_of(request.META), now)
        return checks.decide(self.projection, key, asks.read(_body(request)), now)

    def _health(self) -> dict[str, Any]:
        if not self.projection.is_fresh(clock.now()):
            raise checks.Stale
        return {"status": "ok"}


def _body(request: WSGIRequest) -> bytes:
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return b""
    if length > asks.MAX_BYTES:
        raise asks.TooLarge
    try:
        return request.body
    except RequestDataTooBig as error:
        raise asks.TooLarge from error


def _problem(error: PortalError, request: WSGIRequest) -> Answer:
    more = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    return HTTPStatus(error.status), as_dict(error, instance=request.path), CONTENT_TYPE, more
