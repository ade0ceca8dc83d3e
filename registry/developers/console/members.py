"""Who works for a platform: the list, invitations, roles, and the end of a membership."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.doors import PortalRequest
from portal.accounts.membership import platform_for, require_owner
from portal.accounts.models import Platform, PlatformMember
from portal.kit import clock
from portal.kit.errors import NotFound, PortalError
from portal.platforms import services
from registry.developers.console.frame import page
from registry.developers.forms import InviteForm, RoleForm
from verification.forms import explain


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Lists members and open invitations; an owner invites here."""
    platform = platform_for(request.actor, platform_id)
    form = InviteForm(request.POST or None)
    if request.method == "POST":
        require_owner(request.actor, platform)
    if request.method == "POST" and form.is_valid():
        try:
            services.invite(actor=request.actor, platform_id=platform.pk, now=clock.now(), **form.cleaned_data)
        except PortalError as error:
            explain(form, error)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("developers:members", platform.pk)
    context = {
        "form": form,
        "members": platform.members.select_related("user").order_by("-role", "since"),
        "invitations": platform.invitations.filter(ended_at=None).select_related("data_key").order_by("invited_at"),
    }
    return page(request, platform, "members", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: PortalRequest, platform_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Changes what a member may do."""
    platform, member = _member(request, platform_id, member_id)
    require_owner(request.actor, platform)
    form = RoleForm(request.POST or None, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_role(
                actor=request.actor, platform_id=platform.pk, member_id=member.pk, role=form.cleaned_data["role"], now=clock.now()
            )
        except PortalError as error:
            explain(form, error)
        else:
            messages.success(request, _("The role is changed."))
            return redirect("developers:members", platform.pk)
    return page(request, platform, "member_role", {"member": member, "form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PortalRequest, platform_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Asks once more, then ends a membership: an owner anybody's, everybody their own."""
    platform, member = _member(request, platform_id, member_id)
    mine = request.actor.is_user(member.user_id)
    if not mine:
        require_owner(request.actor, platform)
    if request.method == "POST":
        services.remove_member(actor=request.actor, platform_id=platform.pk, member_id=member.pk, now=clock.now())
        messages.success(request, _("Done. It counts from this moment."))
        return redirect("developers:platforms") if mine else redirect("developers:members", platform.pk)
    return page(request, platform, "member_remove", {"member": member, "mine": mine})


@login_required
@never_cache
@require_POST
def take_back(request: PortalRequest, platform_id: uuid.UUID, invitation_id: uuid.UUID) -> HttpResponse:
    """Takes an invitation back."""
    services.take_back(actor=request.actor, platform_id=platform_id, invitation_id=invitation_id, now=clock.now())
    messages.success(request, _("The link in the mail does not work any more."))
    return redirect("developers:members", platform_id)


def _member(request: PortalRequest, platform_id: uuid.UUID, member_id: uuid.UUID) -> tuple[Platform, PlatformMember]:
    platform = platform_for(request.actor, platform_id)
    found = platform.members.select_related("user").filter(pk=member_id).first()
    if found is None:
        raise NotFound
    return platform, found
