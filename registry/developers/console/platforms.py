"""The platforms somebody works for, opening one, and one's overview."""

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
from portal.accounts.membership import platform_for, platforms_of
from portal.accounts.models import PlatformMember
from portal.kit import clock
from portal.kit.errors import PortalError
from portal.platforms import rules, services
from registry.developers import overview as facts
from registry.developers.console.frame import page
from registry.developers.forms import OpenForm
from verification.forms import explain


@login_required
@never_cache
@require_GET
def index(request: PortalRequest) -> HttpResponse:
    """Lists the actor's platforms."""
    require(request.actor, Permission.MANAGE_PERSONA)
    mine = PlatformMember.objects.filter(user=request.actor.user_id).select_related("platform").order_by("platform__name")
    return render(request, "developers/platforms.html", {"memberships": mine})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Opens a platform's account; an empty code is shown as suggested before anything is made."""
    require(request.actor, Permission.MANAGE_PERSONA)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.cleaned_data["code"]:
            return _suggested(request, form)
        try:
            made = services.open_platform(actor=request.actor, now=clock.now(), **form.cleaned_data)
        except PortalError as error:
            explain(form, error)
        else:
            messages.success(request, _("Your platform is in the sandbox. Make a test key and send your first check."))
            return redirect("developers:platform", made.pk)
    opened = platforms_of(request.actor).filter(created_by=request.actor.user_id).count()
    context = {"form": form, "left": max(0, rules.PLATFORMS_PER_ACCOUNT - opened)}
    return render(request, "developers/platform_new.html", context, status=422 if form.errors else 200)


def _suggested(request: PortalRequest, form: OpenForm) -> HttpResponse:
    code = rules.suggested(form.cleaned_data["name"])
    again = OpenForm({**form.cleaned_data, "code": code})
    if not code:
        again.add_error("code", _("No code can be made of this name. Choose one."))
    context = {"form": again, "left": rules.PLATFORMS_PER_ACCOUNT, "suggested": code}
    return render(request, "developers/platform_new.html", context, status=200 if code else 422)


@login_required
@never_cache
@require_GET
def overview(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Shows where the platform stands and what comes next."""
    platform = platform_for(request.actor, platform_id)
    return page(request, platform, "platform", facts.of(platform, clock.now()))
