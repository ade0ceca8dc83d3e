"""The last-resort answers: what Django itself refuses, as a page or as a problem."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.kit.errors import Forbidden, NotFound, PortalError
from portal.kit.problems import respond


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Returns the answer for a request that cannot be read."""
    return respond(request, PortalError())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Returns the answer for a refusal by Django itself."""
    return respond(request, Forbidden())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Returns the answer for an address that leads nowhere."""
    return respond(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Returns the answer for an error nobody expected; it tells nothing, and needs neither session nor database."""
    return render(None, "500.html", status=500)
