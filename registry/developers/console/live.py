"""Live access: an owner's request, and the administrators' answers."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.accounts.membership import owners_of, platform_for, require_owner, role_in
from portal.accounts.models import LiveRequest
from portal.kit import clock
from portal.kit.errors import NotFound, PortalError
from portal.platforms import services
from registry.developers.console.frame import page
from registry.developers.forms import AnswerForm, LiveForm
from verification.forms import explain


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Shows whether the platform is live, and takes an owner's request."""
    platform = platform_for(request.actor, platform_id)
    form = LiveForm(request.POST or None)
    if request.method == "POST":
        require_owner(request.actor, platform)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_live(actor=request.actor, platform_id=platform.pk, now=clock.now(), **form.cleaned_data)
        except PortalError as error:
            explain(form, error)
        else:
            messages.success(request, _("The request is with the administrators. The answer comes by e-mail."))
            return redirect("developers:live", platform.pk)
    earlier = list(platform.live_requests.order_by("-requested_at"))
    waiting = next((each for each in earlier if each.decided_at is None), None)
    context = {"form": form, "waiting": waiting, "earlier": [each for each in earlier if each.decided_at]}
    return page(request, platform, "live", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_GET
def requests(request: PortalRequest) -> HttpResponse:
    """Lists the requests that wait, the oldest first, and the latest answers."""
    require(request.actor, Permission.MANAGE_PLATFORMS)
    rows = LiveRequest.objects.select_related("platform", "requested_by", "decided_by")
    context = {
        "waiting": rows.filter(decided_at=None).order_by("requested_at"),
        "answered": rows.filter(decided_at__isnull=False).order_by("-decided_at")[:20],
    }
    return render(request, "developers/requests.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PortalRequest, request_id: uuid.UUID) -> HttpResponse:
    """Shows a request; POST approves or refuses it."""
    require(request.actor, Permission.MANAGE_PLATFORMS)
    asked = LiveRequest.objects.select_related("platform", "requested_by").filter(pk=request_id).first()
    if asked is None:
        raise NotFound
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, asked.pk, form.cleaned_data["reason"])
        except PortalError as error:
            explain(form, error)
        else:
            messages.success(request, _("The answer is on its way to the owners."))
            return redirect("developers:requests")
    own = role_in(request.actor, asked.platform) is not None
    context = {"asked": asked, "form": form, "own": own, "owners": owners_of(asked.platform)}
    return render(request, "developers/request.html", context, status=422 if form.errors else 200)


def _decide(request: PortalRequest, request_id: uuid.UUID, reason: str) -> None:
    if request.POST.get("decision") == "approve":
        services.approve_live(actor=request.actor, request_id=request_id, now=clock.now())
    else:
        services.refuse_live(actor=request.actor, request_id=request_id, reason=reason, now=clock.now())
