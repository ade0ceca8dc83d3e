"""The errors a service may raise. `problems` translates them once, to a page or to `application/problem+json`."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class PortalError(Exception):
    """Base of every expected error: a stable code, an HTTP status, a title and what the reader can do."""

    code = "error"
    status = 400
    title: Text = _("That did not work")
    help: Text = ""
    type = ""  # a registered problem type, where there is one
    members: Mapping[str, Any] = {}  # what the problem tells beside RFC 9457's own members

    def __init__(self, detail: Text = "", *, code: str | None = None) -> None:
        super().__init__(str(detail) or str(self.title))
        self.detail: Text = detail or self.help
        self.code = code or self.code


class Invalid(PortalError):
    """What was sent cannot be used; `errors` maps a field name to a text."""

    code = "invalid"
    status = 422
    title = _("Please check what you entered")

    def __init__(self, detail: Text = "", *, code: str | None = None, errors: dict[str, Text] | None = None) -> None:
        super().__init__(detail, code=code)
        self.errors = errors or {}


class Unauthenticated(PortalError):
    """Nobody is signed in, or the key is not valid."""

    code = "unauthenticated"
    status = 401
    title = _("Please sign in")


class Forbidden(PortalError):
    """The actor may see the thing but may not do this to it."""

    code = "forbidden"
    status = 403
    title = _("You may not do this")
    help = _("Your role does not include this step. Ask an administrator if you think it should.")


class NotFound(PortalError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "not_found"
    status = 404
    title = _("We could not find that")
    help = _("The address may be wrong, or the page may not be meant for your account.")


class Conflict(PortalError):
    """The thing has moved on since it was read: a raced, repeated or illegal move."""

    code = "conflict"
    status = 409
    title = _("This has changed in the meantime")
    help = _("Somebody else, or another window, was faster. Reload the page and look at the present state.")


class TooMany(PortalError):
    """A limit was reached; `retry_after` is in seconds."""

    code = "too_many"
    status = 429
    title = _("Too many attempts")

    def __init__(self, detail: Text = "", *, retry_after: int, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after
