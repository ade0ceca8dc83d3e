"""The portrayed person answers, one step per page: identity, face, terms, summary."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid
from portal.kit.outcome import Refused
from registry.consent import queries, rules, services, wording
from registry.consent.forms import AnswerForm, DeclineForm
from registry.consent.models import Licence
from registry.consent.states import LicenceState
from registry.personas.queries import platform_names
from registry.personas.rules import operator_reference
from verification.queries import standing

STEPS: tuple[str | Promise, ...] = (
    gettext_lazy("Your identity"),
    gettext_lazy("Your face"),
    gettext_lazy("The terms"),
    gettext_lazy("Your answer"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the stepper."""

    label: str | Promise
    state: str


def _steps(current: int) -> list[Step]:
    states = ["done" if place < current else "current" if place == current else "todo" for place in range(len(STEPS))]
    return [Step(label, state) for label, state in zip(STEPS, states, strict=True)]


def context_of(licence: Licence) -> dict[str, object]:
    """Returns what every page about a licence shows."""
    return {
        "licence": licence,
        "persona": licence.persona,
        "portraits": queries.pictures_of(licence),
        "terms": queries.in_words(licence.terms),
        "operator": operator_reference(licence.persona.operator_id),
    }


@login_required
@require_GET
def licence(request: PortalRequest, licence_id: uuid.UUID) -> HttpResponse:
    """Shows the step that is due, and once it is answered, the record of the answer."""
    found = queries.licence_for(request.actor, licence_id)
    own = request.actor.is_user(found.portrayed_id)
    if own and found.state == LicenceState.OPENED:
        return _compare(request, found, ())
    if own and found.state == LicenceState.IDENTITY_VERIFIED:
        return _terms(request, found, AnswerForm(proposed=found.terms))
    return render(request, "consent/record.html", {**context_of(found), "own": own})


def _compare(request: PortalRequest, found: Licence, reasons: tuple[str, ...]) -> HttpResponse:
    verified = standing(found.portrayed_id, clock.now()).verified if found.portrayed_id else False
    refusals = [(code, rules.REFUSALS[code]) for code in reasons]
    context = {**context_of(found), "verified": verified, "refusals": refusals, "steps": _steps(1 if verified else 0)}
    return render(request, "consent/compare.html", context, status=422 if reasons else 200)


@login_required
@require_POST
def identify(request: PortalRequest, licence_id: uuid.UUID) -> HttpResponseBase:
    """Compares the person's verified face with the pictures."""
    found = queries.of_own_face(request.actor, licence_id)
    outcome = services.identify(actor=request.actor, licence=found, now=clock.now())
    if isinstance(outcome, Refused):
        return _compare(request, found, outcome.reasons)
    return redirect("consent:licence", found.pk)


@login_required
@require_http_methods(["GET", "POST"])
def grant(request: PortalRequest, licence_id: uuid.UUID) -> HttpResponseBase:
    """Reads the terms, shows in plain words what they allow, and grants them at the second POST."""
    found = queries.of_own_face(request.actor, licence_id)
    if request.method == "GET" or found.state != LicenceState.IDENTITY_VERIFIED:
        return redirect("consent:licence", found.pk)
    form = AnswerForm(request.POST, proposed=found.terms)
    step = request.POST.get("step")
    if not form.is_valid() or step == "change":
        return _terms(request, found, form)
    try:
        if step == "grant":
            services.grant(actor=request.actor, licence=found, terms=form.terms, now=clock.now())
            messages.success(request, _("You have granted the licence. A receipt is on its way to you by mail."))
            return redirect("consent:licence", found.pk)
        granted = services.review(actor=request.actor, licence=found, terms=form.terms, now=clock.now())
    except Invalid as error:
        form.refuse(error)
        return _terms(request, found, form)
    context = {**context_of(found), "form": form, "summary": wording.summary(granted, platform_names()), "steps": _steps(3)}
    return render(request, "consent/summary.html", context)


def _terms(request: PortalRequest, found: Licence, form: AnswerForm) -> HttpResponse:
    context = {**context_of(found), "form": form, "steps": _steps(2)}
    return render(request, "consent/terms.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: PortalRequest, licence_id: uuid.UUID) -> HttpResponseBase:
    """Asks for a reason and declines."""
    found = queries.of_own_face(request.actor, licence_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.decline(actor=request.actor, licence=found, reason=form.cleaned_data["reason"], now=clock.now())
        messages.success(request, _("You have declined. The operator is told."))
        return redirect("consent:mine")
    return render(request, "consent/decline.html", {**context_of(found), "form": form}, status=422 if form.errors else 200)
