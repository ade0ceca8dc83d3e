"""The entry of a registration: what the registry forbids, its national code, and what was true of it when."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid, NotFound
from registry.desk import entry_file, timeline
from registry.desk.entry_file import Told
from registry.desk.entry_forms import CodeForm, PastForm, ProhibitForm, Refusable
from registry.desk.views.registrations import application_behind, find
from registry.issuing import history, services
from registry.issuing.models import Act, Registration, Side
from registry.personas.queries import platform_names


@login_required
@never_cache
@require_safe
def entry(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Returns the entry of a registration in which the reader has no part."""
    require(request.actor, Permission.READ_DESK)
    return _show(request, find(request, registration_id))


@login_required
@never_cache
@require_POST
def forbid(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Forbids something in the registry's name."""
    require(request.actor, Permission.PLACE_OFFICER_HOLD)
    registration = find(request, registration_id)
    form = ProhibitForm(request.POST, standing=())
    if not form.is_valid():
        return _show(request, registration, prohibit_form=form, status=422)
    act, reason = Act(form.cleaned_data["act"]), form.cleaned_data["reason"]
    try:
        services.prohibit(actor=request.actor, registration_id=registration_id, side=Side.REGISTRY, act=act, reason=reason, now=clock.now())
    except Conflict as error:
        messages.warning(request, str(error.detail))
    else:
        messages.success(request, _("It is forbidden from now on."))
    return redirect("desk:entry", registration_id)


@login_required
@never_cache
@require_POST
def allow(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Lifts a prohibition of the registry."""
    require(request.actor, Permission.PLACE_OFFICER_HOLD)
    find(request, registration_id)
    act = request.POST.get("act", "")
    if act not in Act.values:
        raise NotFound
    try:
        services.lift_prohibition(actor=request.actor, registration_id=registration_id, side=Side.REGISTRY, act=Act(act), now=clock.now())
    except Conflict as error:
        messages.warning(request, str(error.detail))
    else:
        messages.success(request, _("It is allowed again."))
    return redirect("desk:entry", registration_id)


@login_required
@never_cache
@require_POST
def code(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Sets, corrects or takes away the national code."""
    require(request.actor, Permission.DECIDE)
    registration, form = find(request, registration_id), CodeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data["code"]
        try:
            services.set_national_code(actor=request.actor, registration_id=registration_id, code=given, now=clock.now())
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            messages.warning(request, str(error.detail))
            return redirect("desk:entry", registration_id)
        else:
            messages.success(request, _("Saved. It stands on the public record."))
            return redirect("desk:entry", registration_id)
    return _show(request, registration, code_form=form, status=422)


@login_required
@never_cache
@require_POST
def look_back(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Returns what was true at a moment; that it was asked stays on the trail."""
    require(request.actor, Permission.READ_DESK)
    registration = find(request, registration_id)
    platforms = platform_names()
    form = PastForm(request.POST, platforms=platforms)
    if form.is_valid():
        moment, ask = form.cleaned_data["moment"], form.ask
        try:
            past = services.look_back(actor=request.actor, registration_id=registration_id, moment=moment, ask=ask, now=clock.now())
        except Invalid as error:
            form.refuse(error)
        except history.NotYetRegistered as error:
            form.add_error("moment", str(error.detail))
        else:
            return _show(request, registration, past_form=form, told=entry_file.told(past, ask, platforms))
    return _show(request, registration, past_form=form, status=422)


def _show(
    request: PortalRequest,
    registration: Registration,
    *,
    prohibit_form: Refusable | None = None,
    code_form: Refusable | None = None,
    past_form: Refusable | None = None,
    told: Told | None = None,
    status: int = 200,
) -> HttpResponse:
    file = entry_file.of_registration(request.actor, registration, clock.now())
    context = {
        "entry": file,
        "item": application_behind(request, registration),
        "prohibit_form": prohibit_form or ProhibitForm(standing=file.forbidden),
        "code_form": code_form or CodeForm(initial={"code": registration.national_code}),
        "past_form": past_form or PastForm(platforms=platform_names()),
        "told": told,
        "lines": timeline.lines(request.actor, registration),
    }
    return render(request, "desk/entry.html", context, status=status)
