"""The operator invites, and sees how far it has come."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid, TooMany
from registry.consent import queries, services
from registry.consent.forms import InvitationForm
from registry.consent.states import LicenceState
from registry.personas.models import Persona, Portrayed
from registry.personas.queries import persona_for
from registry.personas.rules import MIN_PORTRAITS


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: PortalRequest, persona_id: uuid.UUID) -> HttpResponseBase:
    """Shows the persona's licences, and writes an invitation if none waits for its answer."""
    persona = persona_for(request.actor, persona_id)
    form = InvitationForm(request.POST or None, initial={"platforms": persona.platforms, "notice_days": 30})
    if request.method == "POST" and form.is_valid():
        terms, now = form.terms, clock.now()
        try:
            services.invite(actor=request.actor, persona=persona, email=form.cleaned_data["email"], terms=terms, now=now)
        except (Invalid, Conflict, TooMany) as error:
            form.refuse(error if isinstance(error, Invalid) else Invalid(error.detail))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("consent:invite", persona.pk)
    return render(request, "consent/invite.html", _context(persona, form), status=422 if form.errors else 200)


def _context(persona: Persona, form: InvitationForm) -> dict[str, object]:
    pending = queries.pending(persona)
    past = [(each, queries.in_words(each.terms)) for each in queries.of_persona(persona) if each != pending]
    return {
        "persona": persona,
        "form": form,
        "pending": pending,
        "terms": queries.in_words(pending.terms) if pending else [],
        "granted": any(each.state == LicenceState.GRANTED for each, _words in past),
        "resendable": pending is not None and pending.state == LicenceState.INVITED,
        "past": past,
        "shows_another": persona.portrayed == Portrayed.OTHER,
        "has_portraits": persona.portraits.count() >= MIN_PORTRAITS,
    }


@login_required
@require_POST
def resend(request: PortalRequest, licence_id: uuid.UUID) -> HttpResponseBase:
    """Sends the invitation again, with a new link."""
    licence = queries.licence_for(request.actor, licence_id)
    try:
        services.resend(actor=request.actor, licence=licence, now=clock.now())
    except (Conflict, TooMany) as error:
        messages.warning(request, str(error.detail))
    else:
        messages.success(request, _("A new mail is on its way. The link in the old one no longer works."))
    return redirect("consent:invite", licence.persona_id)


@login_required
@require_POST
def take_back(request: PortalRequest, licence_id: uuid.UUID) -> HttpResponseBase:
    """Takes the invitation back."""
    licence = queries.licence_for(request.actor, licence_id)
    services.take_back(actor=request.actor, licence=licence, now=clock.now())
    messages.success(request, _("The invitation is taken back; its link no longer works."))
    return redirect("consent:invite", licence.persona_id)
