"""The landing page, the dashboard, and the page of one persona."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.keeping import purging
from portal.kit import clock
from portal.kit.errors import Invalid
from registry.consent import queries as consent
from registry.home import overview
from registry.home.forms import HoldForm
from registry.issuing import queries as issuing
from registry.issuing import services
from registry.issuing.models import Party
from registry.personas import queries as personas
from registry.personas import services as persona_services
from verification import queries as verification


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Returns the page that says what this is, and for whom."""
    return render(request, "home/landing.html")


@login_required
@require_safe
def dashboard(request: PortalRequest) -> HttpResponse:
    """Returns what waits for this account, whoever it is."""
    actor, now = request.actor, clock.now()
    at_desk = actor.may(Permission.READ_DESK)
    context = {
        "standing": verification.standing(actor.user_id, now),
        "case": verification.latest_case(actor.user_id),
        "overviews": overview.of_actor(actor, now),
        "licences": list(consent.licences_of(actor)),
        "cases_waiting": verification.waiting_cases(actor).count() if at_desk else 0,
        "applications_waiting": personas.waiting_applications(actor).count() if at_desk else 0,
        "at_desk": at_desk,
        "upkeep": purging.upkeep(now) if actor.may(Permission.READ_TRAIL) else None,
        "creates": actor.may(Permission.MANAGE_PERSONA),
    }
    return render(request, "home/dashboard.html", context)


@login_required
@require_safe
def persona(request: PortalRequest, persona_id: uuid.UUID) -> HttpResponse:
    """Returns a persona with its chain, and the one thing to do next."""
    view = overview.of_persona(request.actor, persona_id, clock.now())
    mine = personas.mine(request.actor).filter(pk=persona_id).exists()
    return render(request, "home/persona.html", {"view": view, "trail": overview.trail(view), "hold_form": HoldForm(), "mine": mine})


@login_required
@require_POST
def submit(request: PortalRequest, persona_id: uuid.UUID) -> HttpResponse:
    """Sends a persona to review; says everything that is missing."""
    target = personas.persona_for(request.actor, persona_id)
    if issuing.changes_forbidden(target):
        messages.error(request, _("Changes are forbidden for this registration, by you or by the registry."))
        return redirect("home:persona", persona_id=persona_id)
    try:
        persona_services.submit(actor=request.actor, persona=target, evidence=consent.evidence(target), now=clock.now())
    except Invalid as error:
        for text in error.errors.values() or [error.detail]:
            messages.error(request, str(text))
    else:
        messages.success(request, _("Sent to review. We tell you by e-mail when an officer has decided."))
    return redirect("home:persona", persona_id=persona_id)


@login_required
@require_POST
def hold(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Stops a persona at once, for the operator's own reason."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Say why you stop the persona."))
    services.place_hold(actor=request.actor, registration_id=registration_id, party=Party.OPERATOR, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("The persona is stopped. Platforms refuse it from now on."))
    return _back(request, registration_id)


@login_required
@require_POST
def lift(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Ends the operator's own hold."""
    services.lift_hold(actor=request.actor, registration_id=registration_id, party=Party.OPERATOR, now=clock.now())
    messages.success(request, _("Your hold is lifted."))
    return _back(request, registration_id)


def _back(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    registration = issuing.visible_to(request.actor).get(pk=registration_id)
    return redirect("home:persona", persona_id=registration.persona_id)
