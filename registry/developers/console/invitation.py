"""The link in a member's mail. Reading it changes nothing, so that a mail scanner cannot use it up; a signed-in POST accepts."""

from django.contrib import messages
from django.http import HttpResponse
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
from portal.platforms import services
from portal.platforms.services.inviting import InvitationForAnother, InvitationOver, InvitationUnknown, check_reader


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: PortalRequest, token: str) -> HttpResponse:
    """Shows which platform asks for what. POST leads to sign in or up, or joins."""
    try:
        row = services.invitation(token, clock.now())
        if request.actor.is_authenticated:
            check_reader(row, request.actor)
        if request.method == "POST":
            return _join(request, token)
    except (InvitationUnknown, InvitationOver, InvitationForAnother, Conflict) as error:
        return _closed(request, error)
    return render(request, "developers/invitation.html", {"invitation": row})


def _join(request: PortalRequest, token: str) -> HttpResponse:
    here = reverse("developers:invitation", args=[token])
    if not request.actor.is_authenticated:
        request.session[RETURN_TO] = here  # the way back after sign-up, whose confirmation mail forgets `next`
        way = "account_signup" if request.POST.get("way") == "signup" else "account_login"
        return redirect(f"{reverse(way)}?{urlencode({'next': here})}")
    member = services.accept(token=token, actor=request.actor, now=clock.now())
    request.session.pop(RETURN_TO, None)
    messages.success(request, _("You work for this platform from now on."))
    return redirect("developers:platform", member.platform_id)


def _closed(request: PortalRequest, error: PortalError) -> HttpResponse:
    return render(request, "developers/invitation_closed.html", {"error": error}, status=error.status)
