"""How much may be sent at once. Looked at before a byte is read: a form's parts would be written to disk first."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import PortalError
from portal.kit.problems import respond

MAX_BODY = 64 * 1024 * 1024  # six portraits of ten megabytes, and the rest of the form


class TooLarge(PortalError):
    """The request is larger than any form of ours."""

    code = "too_large"
    status = 413
    title = _("That is too much at once")
    help = _("Send at most 64 megabytes at once: fewer or smaller pictures.")


class UploadLimitMiddleware:
    """Refuses a request whose body is too large. Django reads no further than the length that was announced."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Returns the view's answer, or the refusal."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced[:20]) > MAX_BODY:
            return respond(request, TooLarge())
        return self.get_response(request)
