"""HTTP for the gate: two addresses, JSON in and out, every error a problem (RFC 9457)."""

import json
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error, close_old_connections
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Environment
from portal.kit import clock
from portal.kit.addresses import address_of
from portal.kit.errors import NotFound, PortalError, TooMany
from portal.kit.problems import CONTENT_TYPE, as_dict
from registry.gate import asks, checks
from registry.gate.limits import SANDBOX, Buckets, Taken
from registry.gate.projection import Key, Projection
from registry.gate.tallies import Tallies

log = logging.getLogger(__name__)
CHECK, HEALTH = "/gate/v1/check", "/gate/healthz"
TOO_MANY = _("This key asks too often. Wait as many seconds as Retry-After says.")


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: HTTPStatus
    body: dict[str, Any]
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Gate:
    """The WSGI application of one projection."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self.buckets = Buckets(settings.GATE_REQUESTS_A_MINUTE)
        self.sandbox = Buckets(min(SANDBOX, settings.GATE_REQUESTS_A_MINUTE))
        self.tallies = Tallies()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Returns the answer's body; never raises, never allows by mistake."""
        request, identifier = WSGIRequest(environ), uuid.uuid4().hex
        close_old_connections()
        with translation.override(translation.get_language_from_request(request)):
            answer = self._guarded(request, lambda: self._route(request))
        data = json.dumps(answer.body, ensure_ascii=False).encode()
        headers = {
            "Content-Type": answer.content_type,
            "Content-Length": str(len(data)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Request-ID": identifier,
        }
        if answer.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = 'Bearer realm="gate"'
        start_response(f"{answer.status.value} {answer.status.phrase}", list((headers | answer.headers).items()))
        return [data]

    def _guarded(self, request: WSGIRequest, work: Callable[[], Answer]) -> Answer:
        try:
            return work()
        except PortalError as error:
            return _problem(error, request)
        except Error:
            log.exception("the gate has lost its database")
            return _problem(checks.Stale(), request)
        except Exception:
            log.exception("the gate failed")
            return _problem(Unexpected(), request)

    def _route(self, request: WSGIRequest) -> Answer:
        if request.path == HEALTH:
            return Answer(HTTPStatus.OK, self._health())
        if request.path != CHECK:
            raise NotFound
        if request.method != "POST":
            raise MethodNotAllowed
        now = clock.now()
        key = checks.authorise(self.projection, request.headers.get("Authorization", ""), address_of(request.META), now)
        return self._counted(request, key, now)

    def _counted(self, request: WSGIRequest, key: Key, now: datetime) -> Answer:
        """Every answer to a key that counts tells of its limit, whatever came of the question."""
        taken = self._taken(key, now)
        self.tallies.used(key.id, now)
        answer = self._guarded(request, lambda: self._checked(request, key, now, taken))
        if answer.status != HTTPStatus.OK:
            self.tallies.failed(key.id, now)
        return replace(answer, headers=answer.headers | taken.headers)

    def _taken(self, key: Key, now: datetime) -> Taken:
        """A live key has a limit of its own: one of the platform's systems does not stop another. Test keys share theirs."""
        return self.sandbox.take(key.platform, now) if key.environment is Environment.TEST else self.buckets.take(key.id, now)

    def _checked(self, request: WSGIRequest, key: Key, now: datetime, taken: Taken) -> Answer:
        if not taken.allowed:
            raise TooMany(TOO_MANY, retry_after=taken.retry_after, code="quota_exceeded")
        return Answer(HTTPStatus.OK, checks.decide(self.projection, key, asks.read(_body(request)), now))

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
    return Answer(HTTPStatus(error.status), as_dict(error, instance=request.path), CONTENT_TYPE, more)
