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
from verification.guardians import services
from verification.guardians.services.opening import InvitationForAnother, InvitationOver, InvitationUnknown, OwnInvitation, check_reader

CLOSED = (InvitationUnknown, InvitationOver)
NOT_FOR_YOU = (OwnInvitation, InvitationForAnother)


@never_cache
@require_http_methods(["GET", "POST"])
def landing(request: PortalRequest, token: str) -> HttpResponseBase:
    """Says what is asked. POST leads to sign in or up, or opens the invitation for the account that is signed in."""
    try:
        row = services.invitation(token, clock.now())
        if request.method == "POST":
            return _open(request, token)
        if request.actor.is_authenticated:
            check_reader(row, request.actor)
    except CLOSED as error:
        return render(request, "guardians/closed.html", {"error": error}, status=error.status)
    except NOT_FOR_YOU as error:
        return render(request, "guardians/not_for_you.html", {"error": error, "token": token}, status=error.status)
    return render(request, "guardians/invitation.html", {"row": row, "token": token})


@never_cache
@require_http_methods(["GET", "POST"])
def decline(request: PortalRequest, token: str) -> HttpResponse:
    """Says no without an account."""
    try:
        row = services.invitation(token, clock.now())
        if request.method == "POST":
            services.decline_invitation(token=token, now=clock.now())
            return render(request, "guardians/declined.html")
    except CLOSED as error:
        return render(request, "guardians/closed.html", {"error": error}, status=error.status)
    return render(request, "guardians/decline.html", {"row": row, "back": reverse("guardians:invitation", args=[token])})


def _open(request: PortalRequest, token: str) -> HttpResponseBase:
    here = reverse("guardians:invitation", args=[token])
    if not request.actor.is_authenticated:
        request.session[RETURN_TO] = here  # the way back after sign-up, whose confirmation mail forgets `next`
        way = "account_signup" if request.POST.get("way") == "signup" else "account_login"
        return redirect(f"{reverse(way)}?{urlencode({'next': here})}")
    row = services.open_invitation(token=token, actor=request.actor, now=clock.now())
    request.session.pop(RETURN_TO, None)
    return redirect("guardians:answer", row.pk)
