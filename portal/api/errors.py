"""What the API refuses by itself, and how the errors of Django REST framework become ours."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, Text, TooMany
from portal.kit.limits import Quota

_LONGEST_NAME = 64


class MethodNotAllowed(PortalError):
    """The address answers other methods."""

    code = "method_not_allowed"
    status = 405
    title = _("Use another method")
    help = _("The Allow header names the methods of this address.")


class NotAcceptable(PortalError):
    """The caller takes none of the forms we have."""

    code = "not_acceptable"
    status = 406
    title = _("We cannot answer in that form")
    help = _("Send “Accept: application/json”.")


class UnsupportedMediaType(PortalError):
    """The body is in a form that this address does not read."""

    code = "unsupported_media_type"
    status = 415
    title = _("We cannot read that form of body")
    help = _("Send the body with the content type that the reference names.")


class Unreadable(PortalError):
    """The request is broken."""

    code = "not_readable"
    status = 400
    title = _("The request cannot be read")
    help = _("Its body is cut off or does not keep to its own content type.")


class TooLarge(PortalError):
    """The body is larger than any question here is."""

    code = "too_large"
    status = 413
    title = _("The request body is too large")
    help = _("A request here needs less than 64 KiB.")


class QuotaExceeded(TooMany):
    """One of the caller's quotas is used up."""

    code = "quota_exceeded"
    title = _("Too many requests")
    type = "https://iana.org/assignments/http-problem-types#quota-exceeded"

    def __init__(self, quota: Quota, *, retry_after: int) -> None:
        super().__init__(_("Wait as long as Retry-After says, in seconds."), retry_after=retry_after)
        self.quota = quota
        self.members = {"violated-policies": [quota.name]}


class PreconditionMissing(PortalError):
    """A change without `If-Match` could undo somebody else's (RFC 6585 §3)."""

    code = "precondition_required"
    status = 428
    title = _("Say which version you change")
    help = _("Read the resource and send its ETag as If-Match.")


class PreconditionFailed(PortalError):
    """The resource is another version than the caller has read."""

    code = "precondition_failed"
    status = 412
    title = _("This has changed in the meantime")
    help = _("Read the resource again, look at what has changed, and send its present ETag as If-Match.")


class KeyMalformed(PortalError):
    """The Idempotency-Key is none."""

    code = "idempotency_key_malformed"
    status = 400
    title = _("The Idempotency-Key cannot be used")
    help = _("Send one key of 1 to 255 printable ASCII characters, best a random UUID, in quotation marks.")


class KeyReused(Invalid):
    """The key stands for another request."""

    code = "idempotency_key_reused"
    title = _("This Idempotency-Key was used for another request")
    help = _("Draw a new key for every new request; repeat a key with the same request only.")


class KeyInFlight(Conflict):
    """The first request under this key is still being worked on."""

    code = "idempotency_key_in_flight"
    title = _("The first request under this Idempotency-Key is still running")
    help = _("Ask again in a moment; you will get its answer.")


class CursorBad(PortalError):
    """It is none of ours, or belongs to another list."""

    code = "cursor_bad"
    status = 400
    title = _("The cursor cannot be read")
    help = _("Send the cursor of an earlier answer unchanged, or none to start at the beginning.")


_FRAMEWORK: dict[type[Exception], type[PortalError]] = {
    Http404: NotFound,
    PermissionDenied: Forbidden,
    RequestDataTooBig: TooLarge,  # before the class it belongs to
    SuspiciousOperation: Unreadable,
    BadRequest: Unreadable,
    MultiPartParserError: Unreadable,
    UnreadablePostError: Unreadable,
    exceptions.ParseError: Unreadable,
    exceptions.PermissionDenied: Forbidden,
    exceptions.NotFound: NotFound,
    exceptions.MethodNotAllowed: MethodNotAllowed,
    exceptions.NotAcceptable: NotAcceptable,
    exceptions.UnsupportedMediaType: UnsupportedMediaType,
}


def translated(error: Exception) -> PortalError | None:
    """Returns the expected error behind an exception, None for one that nobody expected."""
    if isinstance(error, PortalError):
        return error
    if isinstance(error, exceptions.ValidationError):
        return invalid(error.detail)
    return next((ours() for theirs, ours in _FRAMEWORK.items() if isinstance(error, theirs)), None)


def invalid(detail: Any, *, code: str | None = None) -> Invalid:
    """Returns the problem with a pointer to each member that cannot be used."""
    return Invalid(code=code, errors=dict(_flat(detail, "")))


def _flat(detail: Any, place: str) -> Iterator[tuple[str, Text]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _flat(inner, f"{place}/{_pointed(str(name))}".lstrip("/") if name != "non_field_errors" else place)
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        yield place, " ".join(str(each) for each in detail)
    else:
        yield place, str(detail)


def _pointed(name: str) -> str:
    """A member's name as a part of a JSON Pointer (RFC 6901 §3), cut to what a name can be."""
    return name[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1")
