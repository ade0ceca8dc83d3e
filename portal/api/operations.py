"""One declaration for each operation of the API: what is enforced at the door is what the reference says."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from portal.accounts.callers import LiveKeyNeeded
from portal.accounts.models import Environment, Scope
from portal.api import idempotency
from portal.api.errors import TooLarge, UnsupportedMediaType
from portal.api.parsing import MAX_BYTES
from portal.api.serializers import NoMembers, Strict, members, parameters
from portal.kit.errors import PortalError

Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation: who may, what is read, what comes back."""

    name: str  # its stable operationId
    tag: str
    summary: str
    description: str = ""
    scopes: tuple[Scope, ...] = ()  # any of them; none: any credential
    query: type[Strict] = NoMembers
    body: type[Strict] | None = None  # of a JSON body
    form: Any = None  # the documented body of what is not JSON and reads itself
    partial: bool = False  # a body names only what it changes
    answer: Any = None  # a serializer; None: no body
    status: int = 200
    media_types: tuple[str, ...] = ("application/json",)
    problems: tuple[type[PortalError] | PortalError, ...] = ()
    etag: bool = False  # the answer bears its version
    if_match: bool = False
    paged: bool = False
    repeatable: bool = False  # takes an Idempotency-Key
    atomic: bool = True  # the work and its promise in one transaction
    sandbox: bool = False  # a sandbox key counts as well
    example: Any = field(default=None, hash=False)

    @property
    def conditional(self) -> bool:
        """Whether it only reads one thing, so that 304 can answer."""
        return self.etag and self.status == 200 and not self.if_match and not self.repeatable

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z_]+", self.name):
            raise ValueError(self.name)


def run(operation: Operation, handler: Handler, view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
    """Returns the handler's answer to a question that was found in order. Raises what the operation refuses."""
    _admit(operation, view)
    view.query = parameters(request.query_params, operation.query)
    if operation.form is not None and not (request.content_type or "").startswith("multipart/form-data"):
        raise UnsupportedMediaType
    if operation.form is None and request.method not in ("GET", "HEAD"):
        view.body = members(_body(request), operation.body or NoMembers, partial=operation.partial)
    work = functools.partial(handler, view, request, *args, **kwargs)
    header = request.headers.get("Idempotency-Key")
    if not operation.repeatable or header is None:
        return work()  # type: ignore[no-any-return]
    print_ = idempotency.fingerprint(request.method or "", request.get_full_path(), request._request.body)
    asked = idempotency.Request(view.caller, idempotency.read(header), print_)
    return idempotency.once(asked, work, now=view.now, atomic=operation.atomic)


def _admit(operation: Operation, view: Any) -> None:
    if view.caller is None:
        return  # an account, where the view lets accounts in
    if not operation.sandbox and view.caller.environment is not Environment.LIVE:
        raise LiveKeyNeeded
    if operation.scopes:
        view.caller.require(*operation.scopes)


def _body(request: Request) -> Any:
    """The parsed body. Its length is looked at before a byte is read, and its bytes are kept for the fingerprint."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal() or int(announced[:20]) > MAX_BYTES:
        raise TooLarge
    request._request.body  # noqa: B018 - read whole, so that it can be read again
    return request.data


SerializerType = type[Serializer[Any]]
