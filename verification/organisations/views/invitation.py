"""The link in an agent's mail. Reading it changes nothing, so that a mail scanner cannot use it up; a signed-in POST accepts."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.adapter import RETURN_TO
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, PortalError
from verification.organisations import queries, services
from verification.organisations.models import Mandate
from verification.organisations.services.inviting import MandateForAnother, MandateOver, MandateUnknown, check_reader
from verification.organisations.services.owning import Unverified


@never_cache
@require_http_methods(["GET", "POST"])
def landing(request: PortalRequest, token: str) -> HttpResponseBase:
    """Shows which organisation asks for what. POST leads to sign in or up, to the verification, or accepts."""
    try:
        mandate = services.invitation(token, clock.now())
        if request.actor.is_authenticated:
            check_reader(mandate, request.actor)
        if request.method == "POST":
            return _accept(request, token)
    except (MandateUnknown, MandateOver) as error:
        return _closed(request, error)
    except MandateForAnother as error:
        return render(request, "organisations/not_for_you.html", {"error": error, "token": token}, status=error.status)
    return render(request, "organisations/invitation.html", _context(request, mandate, token))


def _accept(request: PortalRequest, token: str) -> HttpResponseBase:
    here = reverse("organisations:invitation", args=[token])
    if not request.actor.is_authenticated:
        request.session[RETURN_TO] = here  # the way back after sign-up, whose confirmation mail forgets `next`
        way = "account_signup" if request.POST.get("way") == "signup" else "account_login"
        return redirect(f"{reverse(way)}?{urlencode({'next': here})}")
    try:
        mandate = services.accept(token=token, actor=request.actor, now=clock.now())
    except Unverified:
        return redirect(f"{reverse('verification:status')}?{urlencode({'next': here})}")
    except Conflict as error:
        return _closed(request, error)
    request.session.pop(RETURN_TO, None)
    messages.success(request, _("You act for this organisation from now on."))
    return redirect("organisations:organisation", mandate.organisation_id)


def _closed(request: PortalRequest, error: PortalError) -> HttpResponse:
    return render(request, "organisations/closed.html", {"error": error}, status=error.status)


def _context(request: PortalRequest, mandate: Mandate, token: str) -> dict[str, object]:
    until = queries.verified_adult_until(request.actor.user_id) if request.actor.is_authenticated else None
    return {"mandate": mandate, "token": token, "verified": until is not None and until > clock.now()}
