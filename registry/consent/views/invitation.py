"""The link in the mail. Reading it changes nothing, so that a mail scanner cannot use it up; a signed-in POST opens it."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.adapter import RETURN_TO
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import PortalError
from registry.consent import queries, services
from registry.consent.forms import DeclineForm
from registry.consent.models import Licence
from registry.consent.services.opening import InvitationForAnother, InvitationOver, InvitationUnknown, OwnInvitation, check_reader
from registry.personas.rules import operator_reference

CLOSED = (InvitationUnknown, InvitationOver)
NOT_FOR_YOU = (OwnInvitation, InvitationForAnother)


@never_cache
@require_http_methods(["GET", "POST"])
def landing(request: PortalRequest, token: str) -> HttpResponseBase:
    """Shows who asks for what. POST leads to sign in or up, or opens the invitation for the account that is signed in."""
    try:
        licence = services.invitation(token, clock.now())
        if request.method == "POST":
            return _open(request, token)
        if request.actor.is_authenticated:
            check_reader(licence, request.actor)
    except CLOSED as error:
        return _closed(request, error)
    except NOT_FOR_YOU as error:
        return render(request, "consent/not_for_you.html", {"error": error, "token": token}, status=error.status)
    return render(request, "consent/invitation.html", _context(licence, token))


def _open(request: PortalRequest, token: str) -> HttpResponseBase:
    here = reverse("consent:invitation", args=[token])
    if not request.actor.is_authenticated:
        request.session[RETURN_TO] = here  # the way back after sign-up, whose confirmation mail forgets `next`
        way = "account_signup" if request.POST.get("way") == "signup" else "account_login"
        return redirect(f"{reverse(way)}?{urlencode({'next': here})}")
    licence = services.open_invitation(token=token, actor=request.actor, now=clock.now())
    request.session.pop(RETURN_TO, None)
    return redirect("consent:licence", licence.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def decline(request: PortalRequest, token: str) -> HttpResponseBase:
    """Says no without an account."""
    form = DeclineForm(request.POST or None)
    try:
        licence = services.invitation(token, clock.now())
        if request.method == "POST" and form.is_valid():
            services.decline_invitation(token=token, reason=form.cleaned_data["reason"], now=clock.now())
            return render(request, "consent/declined.html", {"licence": licence})
    except CLOSED as error:
        return _closed(request, error)
    back = reverse("consent:invitation", args=[token])
    return render(request, "consent/decline.html", {"form": form, "licence": licence, "back": back}, status=422 if form.errors else 200)


def _closed(request: PortalRequest, error: PortalError) -> HttpResponse:
    return render(request, "consent/closed.html", {"error": error}, status=error.status)


def _context(licence: Licence, token: str) -> dict[str, object]:
    return {
        "licence": licence,
        "token": token,
        "terms": queries.in_words(licence.terms),
        "operator": operator_reference(licence.persona.operator_id),
    }
