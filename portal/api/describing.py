"""From an operation's declaration to its description in the reference (OpenAPI 3.1)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import translation
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from portal.accounts.callers import AddressRefused, KeyBad, LiveKeyNeeded, ScopeMissing
from portal.api import errors
from portal.api.idempotency import REPLAYED
from portal.api.limiting import quotas
from portal.api.operations import Operation
from portal.api.serializers import NoMembers, ProblemSerializer
from portal.kit.errors import Invalid, PortalError
from portal.kit.limits import Quota
from portal.kit.problems import CONTENT_TYPE, as_dict

Problems = list[tuple[PortalError, str]]  # with the code under which it comes


def described(operation: Operation) -> Callable[[Any], Any]:
    """Returns the decorator that tells the reference of an operation. The reference is in English, whoever reads it."""
    with translation.override("en"):
        answers = _answers(operation)
        return extend_schema(
            operation_id=operation.name,
            tags=[operation.tag],
            summary=operation.summary,
            description=_text(operation),
            parameters=[*_questions(operation), *_header_fields(operation, answers)],
            request=_request(operation),
            responses=answers,
        )


def _text(operation: Operation) -> str:
    scopes = " or ".join(f"`{scope.value}`" for scope in operation.scopes)
    needed = f"Scope: {scopes}." if scopes else "Any scope."
    return "\n\n".join(part for part in (operation.description, needed) if part)


def _request(operation: Operation) -> Any:
    if operation.form is not None:
        return {"multipart/form-data": operation.form}
    return {"application/json": operation.body} if operation.body else None


def _questions(operation: Operation) -> list[Any]:
    asked: list[Any] = [operation.query] if operation.query is not NoMembers else []
    if operation.conditional:
        asked.append(_header("If-None-Match", "The ETag of the version you have; 304 if it still stands."))
    if operation.if_match:
        asked.append(_header("If-Match", "The ETag of the version you have read.", required=True))
    if operation.repeatable:
        text = "1 to 255 characters of your own, best a random UUID. The same request under the same key is answered again for a day."
        asked.append(_header("Idempotency-Key", text))
    return asked


def _header_fields(operation: Operation, answers: dict[Any, OpenApiResponse]) -> list[OpenApiParameter]:
    codes = sorted({code if isinstance(code, int) else code[0] for code in answers})
    good = [code for code in codes if code < 400]
    counted = [code for code in codes if code != 401]
    fields = [
        _header("X-Request-ID", "Names this answer in our logs.", codes),
        _header("RateLimit-Policy", "Your quotas: `q` requests in each window of `w` seconds.", counted),
        _header("RateLimit", "What remains of them: `r` requests, for `t` seconds.", counted),
        _header("WWW-Authenticate", "`Bearer`.", [401]),
        _header("Retry-After", "Seconds to wait.", [429], required=True),
    ]
    if operation.etag:
        fields.append(_header("ETag", "The version of this answer.", good, required=True))
    if operation.paged:
        fields.append(_header("Link", "`next` and `first` page (RFC 8288).", [operation.status]))
    if operation.repeatable:
        fields.append(_header(REPLAYED, "`true` if this is the answer to an earlier request under the same key.", good))
    if operation.status == 201:
        fields.append(_header("Location", "The address of what was made.", [201], required=True))
    return fields


def _header(name: str, text: str, response: Any = False, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, response=response, required=required)


def _answers(operation: Operation) -> dict[Any, OpenApiResponse]:
    examples = [OpenApiExample("example", value=operation.example, response_only=True)] if operation.example is not None else []
    found: dict[Any, OpenApiResponse] = {}
    for media_type in operation.media_types if operation.answer is not None else [None]:
        key = (operation.status, media_type) if media_type else operation.status
        found[key] = OpenApiResponse(operation.answer, operation.summary, examples)
    if operation.conditional:
        found[304] = OpenApiResponse(None, "Not modified: the version you named still stands.")
    by_status: dict[int, Problems] = defaultdict(list)
    for error, code in _problems(operation):
        if code not in {known for _error, known in by_status[error.status]}:
            by_status[error.status].append((error, code))
    for status, problems in sorted(by_status.items()):
        found[status, CONTENT_TYPE] = _problem(problems)
    return found


def _problems(operation: Operation) -> Iterable[tuple[PortalError, str]]:
    for error in _possible(operation):
        yield error, error.code


def _possible(operation: Operation) -> Iterable[PortalError]:
    yield KeyBad()
    yield AddressRefused()
    if operation.scopes:
        yield ScopeMissing(operation.scopes)
    if not operation.sandbox:
        yield LiveKeyNeeded()
    yield errors.NotAcceptable()
    yield errors.QuotaExceeded((quotas() or [Quota("burst", 1, 60)])[0], retry_after=30)
    yield Invalid(code="parameters_invalid", errors={"surprise": "There is no such parameter."})
    yield from _of_a_body(operation)
    if operation.paged:
        yield errors.CursorBad()
    if operation.if_match:
        yield from (errors.PreconditionMissing(), errors.PreconditionFailed())
    if operation.repeatable:
        yield from (errors.KeyMalformed(), errors.KeyReused(), errors.KeyInFlight())
    yield from (problem if isinstance(problem, PortalError) else problem() for problem in operation.problems)


def _of_a_body(operation: Operation) -> Iterable[PortalError]:
    if operation.body or operation.form is not None:
        yield Invalid(errors={"surprise": "There is no such member."})
    if operation.form is not None:
        yield errors.Unreadable()
    if operation.body or operation.repeatable or operation.if_match:
        yield Invalid("The body is not JSON.", code="not_json")
    if operation.body or operation.form is not None or operation.repeatable or operation.if_match:
        yield from (errors.TooLarge(), errors.UnsupportedMediaType())


def _problem(problems: Problems) -> OpenApiResponse:
    text = "\n".join(f"- `{code}`: {error.title}. {error.detail}" for error, code in problems)
    examples = [
        OpenApiExample(code, value=as_dict(error, instance="/api/v1/…", identifier="9d6d2f1c…"), response_only=True)
        for error, code in problems
    ]
    return OpenApiResponse(ProblemSerializer, text, examples)
