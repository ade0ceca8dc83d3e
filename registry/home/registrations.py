"""What an operator does with a registration: renews, protects, retires it, and takes a retirement back."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, NotFound
from registry.home import upkeep
from registry.home.forms import RetireForm
from registry.issuing import queries, rules, services
from registry.issuing import registry_id as ids
from registry.issuing.models import Act, Side


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Says what a renewal means and what is in its way, then renews."""
    registration = queries.own_registration(request.actor, registration_id)
    if request.method == "POST":
        try:
            services.renew(actor=request.actor, registration_id=registration_id, now=clock.now())
        except Conflict as error:
            messages.error(request, str(error.detail))
        else:
            messages.success(request, _("Renewed for another year."))
        return redirect("home:persona", persona_id=registration.persona_id)
    kept = upkeep.of_registration(registration, clock.now())
    context = {"kept": kept, "printed_id": ids.printed(registration.registry_id), "after": registration.expires_at + rules.TERM}
    return render(request, "home/renew.html", context)


@login_required
@require_POST
def protect(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Forbids something in the operator's name, or allows it again."""
    registration, chosen = queries.own_registration(request.actor, registration_id), request.POST.get("act", "")
    if chosen not in Act.values:
        raise NotFound
    verb = services.prohibit if request.POST.get("to") == "forbid" else services.lift_prohibition
    try:
        verb(actor=request.actor, registration_id=registration_id, side=Side.HOLDER, act=Act(chosen), now=clock.now())
    except Conflict as error:
        messages.warning(request, str(error.detail))
    else:
        messages.success(request, _("Saved."))
    return redirect("home:persona", persona_id=registration.persona_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Asks for the ID, then retires the persona."""
    registration = queries.own_registration(request.actor, registration_id)
    form = RetireForm(request.POST if request.method == "POST" else None, canonical=registration.registry_id)
    if request.method == "POST" and form.is_valid():
        services.retire(actor=request.actor, registration_id=registration_id, now=clock.now())
        messages.success(request, _("The persona is retired. Platforms refuse it from now on."))
        return redirect("home:persona", persona_id=registration.persona_id)
    context = {"form": form, "registration": registration, "printed_id": ids.printed(registration.registry_id)}
    return render(request, "home/retire.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def restore(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Takes a retirement back."""
    registration = queries.own_registration(request.actor, registration_id)
    services.restore(actor=request.actor, registration_id=registration_id, now=clock.now())
    messages.success(request, _("The retirement is undone."))
    return redirect("home:persona", persona_id=registration.persona_id)
