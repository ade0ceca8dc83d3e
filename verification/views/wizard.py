"""The wizard's pages of words: consents, details, the wish for a meeting, check. Each parses, calls one service and leads on."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_POST

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid
from verification import queries, rules, services
from verification.engines import document as documents
from verification.engines.authority import choice
from verification.forms import ConsentForm, DetailsForm, MeetingForm, explain
from verification.models import Case, Purpose
from verification.reasons import Step
from verification.views.doors import own_case
from verification.views.pages import page
from verification.views.steps import LABELS, next_page


@own_case
def consent(request: PortalRequest, case: Case) -> HttpResponse:
    """Before you start: what happens, what is needed, and the consents."""
    given, shares = queries.consents(case.user_id), bool(choice.face_goes_to())
    form = ConsentForm(request.POST or None, initial=dict.fromkeys(given, True), shares=shares)
    if request.method == "POST" and form.is_valid():
        try:
            services.consent(actor=request.actor, purposes=form.purposes(), now=clock.now())
        except Invalid as error:
            explain(form, error)
        else:
            return redirect(next_page(case))
    told = {"version": rules.CONSENT_VERSIONS["processing"], "recipient": settings.AUTHORITY_RECIPIENT or settings.AUTHORITY}
    return page(request, case, "consent", form, **told)


@own_case
def details(request: PortalRequest, case: Case) -> HttpResponse:
    """Document type, name, number and, for a passport, the date of birth."""
    if Purpose.PROCESSING not in queries.consents(case.user_id):
        return redirect("verification:consent")
    form = DetailsForm(request.POST or None, initial=_typed(case))
    if request.method == "POST" and form.is_valid():
        try:
            case = services.describe(actor=request.actor, case=case, now=clock.now(), **form.cleaned_data)
        except Invalid as error:
            explain(form, error)
        else:
            return redirect(next_page(case))
    return page(request, case, "details", form, asks_birth=",".join(sorted(rules.BIRTH_TYPED)))


@login_required
@require_POST
def number(request: PortalRequest) -> HttpResponse:
    """The instant check of a number, for htmx: one line that says whether it can be right."""
    today = timezone.localdate(clock.now())
    read = documents.read(request.POST.get("document_type", ""), request.POST.get("number", ""), today=today)
    typed = bool(read.value) and bool(request.POST.get("document_type"))
    context = {"number": read, "problem": documents.PROBLEMS.get(read.problem, ""), "typed": typed}
    return render(request, "verification/number.html", context)


@own_case
def meeting(request: PortalRequest, case: Case) -> HttpResponse:
    """The way without a living face: a video call or an appointment, and when it suits."""
    if Purpose.PROCESSING not in queries.consents(case.user_id):
        return redirect("verification:consent")
    form = MeetingForm(request.POST or None, initial={"kind": case.meeting_kind or None, "wish": case.meeting_wish})
    if request.method == "POST" and form.is_valid():
        try:
            case = services.ask_for_meeting(actor=request.actor, case=case, now=clock.now(), **form.cleaned_data)
        except Invalid as error:
            explain(form, error)
        else:
            return redirect(next_page(case))
    return page(request, case, "meeting", form)


@own_case
def check(request: PortalRequest, case: Case) -> HttpResponse:
    """Everything once more, then send."""
    now = clock.now()
    if request.method == "POST":
        services.submit(actor=request.actor, case=case, now=now)
        return redirect("verification:status")
    if queries.steps_left(case):
        return redirect(next_page(case))
    needed = queries.steps_needed(case)
    shown = [_shown(case, step) for step in needed if step in queries.PICTURES]
    return page(request, case, "check", None, tries=queries.tries(case.user_id, now), pictures=shown, meeting=Step.MEETING in needed)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on the page that shows everything once more."""

    file_id: uuid.UUID
    label: str | Promise
    href: str


def _shown(case: Case, step: Step) -> Shown:
    return Shown(getattr(case, f"{step}_image_id"), LABELS[step], reverse(f"verification:{step}"))


def _typed(case: Case) -> dict[str, Any]:
    return {
        "document_type": case.document_type or None,
        "full_name": case.full_name,
        "number": case.document_number,
        "birth_date": case.birth_date,
    }
