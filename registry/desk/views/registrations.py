"""Holds on a registration and its revocation, from the page of the application that stands for it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, NotFound
from registry.desk.forms import HoldForm, RevokeForm
from registry.desk.views import applications
from registry.issuing import queries, services
from registry.issuing import registry_id as ids
from registry.issuing.models import Party, Registration
from registry.personas import queries as personas
from registry.personas.models import Application
from registry.personas.states import ApplicationState


@login_required
@never_cache
@require_POST
def hold(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Suspends a registration at once, for a coded reason."""
    require(request.actor, Permission.PLACE_OFFICER_HOLD)
    registration = find(request, registration_id)
    item, form = application_behind(request, registration), HoldForm(request.POST)
    if not form.is_valid():
        return applications.show(request, item, hold_form=form, status=422)
    try:
        services.place_hold(
            actor=request.actor,
            registration_id=registration_id,
            party=form.party,
            reason=form.code,
            note=form.cleaned_data["note"],
            now=clock.now(),
        )
    except Conflict as error:
        return applications.show(request, item, hold_form=form, conflict=error, status=409)
    messages.success(request, _("The hold stands: the gate refuses this persona from now on."))
    return redirect("desk:application", item.pk)


@login_required
@require_POST
def lift(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Ends a hold of the compliance office."""
    require(request.actor, Permission.PLACE_OFFICER_HOLD)
    registration, party = find(request, registration_id), request.POST.get("party", "")
    item = application_behind(request, registration)
    if party not in Party.values:
        raise NotFound
    try:
        services.lift_hold(actor=request.actor, registration_id=registration_id, party=Party(party), now=clock.now())
    except Conflict:
        messages.warning(request, _("This hold was lifted already."))
    else:
        messages.success(request, _("The hold is lifted."))
    return redirect("desk:application", item.pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Asks once more, then ends the registration for good."""
    require(request.actor, Permission.REVOKE)
    registration = find(request, registration_id)
    item = application_behind(request, registration)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.revoke(actor=request.actor, registration_id=registration_id, reason=form.cleaned_data["reason"], now=clock.now())
        messages.success(request, _("The registration is revoked."))
        return redirect("desk:application", item.pk)
    context = {"form": form, "item": item, "registration": registration, "printed_id": ids.printed(registration.registry_id)}
    return render(request, "desk/revoke.html", context, status=422 if form.errors else 200)


def find(request: PortalRequest, registration_id: uuid.UUID) -> Registration:
    """Returns a registration that the actor may open from the inside; raises NotFound."""
    found = queries.visible_to(request.actor).filter(pk=registration_id).first()
    if found is None:
        raise NotFound
    return found


def application_behind(request: PortalRequest, registration: Registration) -> Application:
    """Returns the latest approved application; raises NotFound for the officer's own."""
    approved = personas.decidable_by(request.actor).filter(persona=registration.persona_id, state=ApplicationState.APPROVED)
    found = approved.order_by("-decided_at").first()
    if found is None:
        raise NotFound
    return found
