"""Who stands before a page of the wizard: the applicant who is signed in, or a phone that took over."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.access.roles import Role
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.problems import request_id
from verification import queries
from verification.models import Case
from verification.services import handoff
from verification.services.person import own_id
from verification.states import APPLICANT_TURN

P = ParamSpec("P")
View = Callable[Concatenate[PortalRequest, Case, P], HttpResponse]
HANDOFF = "verification.handoff"  # in the session of a phone


def own_case(view: View[P]) -> Callable[..., HttpResponse]:
    """Hands the view the open case of whoever is signed in; without one in the applicant's turn, leads to the status."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def found(request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return _own(view, request, *args, **kwargs)

    return found


def own_or_handed_case(view: View[P]) -> Callable[..., HttpResponse]:
    """Hands the view the case for which this phone takes the pictures, else that of whoever is signed in."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def found(request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        handed = of_phone(request)
        if handed is not None:
            return view(request, handed, *args, **kwargs)
        if HANDOFF in request.session:
            return redirect("verification:phone")  # it is over, and the page says so
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return _own(view, request, *args, **kwargs)

    return found


def of_phone(request: PortalRequest) -> Case | None:
    """Returns the case for which this phone takes pictures, and lets it act for that case's applicant; None elsewhere."""
    held = request.session.get(HANDOFF)
    found = handoff.phone(held, clock.now(), request_id(request)) if held else None
    if found is None:
        return None
    request.actor, case = found
    return case


def is_phone(request: PortalRequest) -> bool:
    """Returns whether the actor is a phone that took over."""
    return Role.PHONE in request.actor.roles


def _own(view: View[P], request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
    case = queries.latest_case(own_id(request.actor))
    if case is None or case.state not in APPLICANT_TURN:
        return redirect("verification:status")
    return view(request, case, *args, **kwargs)
