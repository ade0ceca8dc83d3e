"""The portrayed person's own pages: every use of their likeness, narrower terms, withdrawal."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid
from registry.consent import queries, services
from registry.consent.forms import AnswerForm
from registry.consent.states import PENDING, LicenceState
from registry.consent.views.answer import context_of
from registry.personas.views import picture as serve


@login_required
@require_GET
def index(request: PortalRequest) -> HttpResponse:
    """Shows what waits for an answer, what is allowed now, and what was."""
    groups: dict[str, list[dict[str, object]]] = {"waiting": [], "standing": [], "past": []}
    for licence in queries.licences_of(request.actor):
        kind = "waiting" if licence.state in PENDING else "standing" if licence.state == LicenceState.GRANTED else "past"
        groups[kind].append(context_of(licence))
    return render(request, "consent/mine.html", groups)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PortalRequest, licence_id: uuid.UUID) -> HttpResponseBase:
    """Asks once, then withdraws."""
    found = queries.of_own_face(request.actor, licence_id)
    if request.method == "POST":
        services.withdraw(actor=request.actor, licence=found, now=clock.now())
        messages.success(request, _("You have withdrawn the licence. Running streams are being stopped now."))
        return redirect("consent:licence", found.pk)
    if found.state != LicenceState.GRANTED:
        return redirect("consent:licence", found.pk)
    return render(request, "consent/withdraw.html", context_of(found))


@login_required
@require_http_methods(["GET", "POST"])
def narrow(request: PortalRequest, licence_id: uuid.UUID) -> HttpResponseBase:
    """Takes back a part of what was granted."""
    found = queries.of_own_face(request.actor, licence_id)
    if found.state != LicenceState.GRANTED:
        return redirect("consent:licence", found.pk)
    form = AnswerForm(request.POST or None, proposed=found.terms)
    if request.method == "POST" and form.is_valid():
        try:
            services.narrow(actor=request.actor, licence=found, terms=form.terms, now=clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The licence is narrower now. A receipt is on its way to you by mail."))
            return redirect("consent:licence", found.pk)
    return render(request, "consent/narrow.html", {**context_of(found), "form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def picture(request: PortalRequest, licence_id: uuid.UUID, portrait_id: uuid.UUID) -> HttpResponse:
    """Serves one of the pictures to the person they are about."""
    found = queries.of_own_face(request.actor, licence_id)
    return serve(queries.portrait_of(found, portrait_id).file)
