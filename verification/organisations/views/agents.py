"""Who acts for the organisation: the list, the invitation, and the end of a mandate."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid, TooMany
from verification.forms import explain
from verification.organisations import queries, services
from verification.organisations.forms import InviteForm
from verification.organisations.models import Mandate, Organisation
from verification.organisations.states import MandateState


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agents(request: PortalRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Shows every mandate; an owner invites here."""
    organisation, now = queries.organisation_for(request.actor, organisation_id), clock.now()
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.invite(actor=request.actor, organisation=organisation, now=now, **form.cleaned_data)
        except Invalid as error:
            explain(form, error)
        except TooMany as error:
            form.add_error(None, str(error.detail))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("organisations:agents", organisation.pk)
    return render(request, "organisations/agents.html", _context(request, organisation, form, now), status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PortalRequest, organisation_id: uuid.UUID, mandate_id: uuid.UUID) -> HttpResponse:
    """Asks once more, then takes an invitation back, withdraws a mandate, or lays down one's own."""
    organisation = queries.organisation_for(request.actor, organisation_id)
    mandate = queries.mandate_for(request.actor, organisation, mandate_id)
    if request.method == "POST":
        services.end_mandate(actor=request.actor, organisation=organisation, mandate_id=mandate_id, now=clock.now())
        messages.success(request, _("Done. It counts from this moment."))
        mine = request.actor.is_user(mandate.user_id)
        return redirect("organisations:list") if mine else redirect("organisations:agents", organisation.pk)
    if not mandate.current:
        return redirect("organisations:agents", organisation.pk)
    others = organisation.mandates.filter(state=MandateState.STANDING).exclude(pk=mandate.pk)
    context = {
        "organisation": organisation,
        "mandate": mandate,
        "mine": request.actor.is_user(mandate.user_id),
        "last": mandate.state == MandateState.STANDING and not others.exists(),
    }
    return render(request, "organisations/end.html", context)


def _context(request: PortalRequest, organisation: Organisation, form: InviteForm, now: datetime) -> dict[str, object]:
    owner, mandates = queries.owns(request.actor, organisation), list(queries.mandates_of(organisation))
    return {
        "organisation": organisation,
        "form": form,
        "owner": owner,
        "may_invite": owner and queries.is_verified(organisation, now),
        "current": [_line(request, each, owner, now) for each in mandates if each.current],
        "past": [_line(request, each, owner, now) for each in mandates if not each.current],
    }


def _line(request: PortalRequest, mandate: Mandate, owner: bool, now: datetime) -> dict[str, object]:
    mine = request.actor.is_user(mandate.user_id)
    until = queries.verified_adult_until(mandate.user_id) if mandate.user_id else None
    return {
        "mandate": mandate,
        "who": mandate.user.email if mandate.user else mandate.email or _("an address that is no longer kept"),
        "mine": mine,
        "verified": until is not None and until > now,
        "may_end": mandate.current and (owner or mine),
    }
