"""The wizard: consents, details, pictures, check. Each page parses, calls one service and leads on."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid
from verification import queries, services
from verification.engines import document as documents
from verification.engines.pictures import MAX_BYTES
from verification.forms import ConsentForm, DetailsForm, PictureForm, explain
from verification.models import Case, Purpose
from verification.reasons import Step, explained
from verification.services.person import own_id
from verification.states import APPLICANT_TURN
from verification.views.steps import next_page, stepper

P = ParamSpec("P")


def own_case(view: Callable[Concatenate[PortalRequest, Case, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the open case of whoever is signed in; without one in the applicant's turn, leads to the status."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def found(request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        case = queries.latest_case(own_id(request.actor))
        if case is None or case.state not in APPLICANT_TURN:
            return redirect("verification:status")
        return view(request, case, *args, **kwargs)

    return found


@own_case
def consent(request: PortalRequest, case: Case) -> HttpResponse:
    """Before you start: what happens, what is needed, and the two consents."""
    given = queries.consents(case.user_id)
    form = ConsentForm(request.POST or None, initial=dict.fromkeys(given, True))
    if request.method == "POST" and form.is_valid():
        try:
            services.consent(actor=request.actor, purposes=form.purposes(), now=clock.now())
        except Invalid as error:
            explain(form, error)
        else:
            return redirect(next_page(case))
    return _page(request, case, "consent", form)


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
    return _page(request, case, "details", form)


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
def picture(request: PortalRequest, case: Case, slot: Step) -> HttpResponse:
    """The photo of the document, or the selfie."""
    consents = queries.consents(case.user_id)
    if Purpose.PROCESSING not in consents or (slot is Step.SELFIE and Purpose.FACE not in consents):
        return redirect(next_page(case))
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["picture"].read(MAX_BYTES + 1)
        channel = form.cleaned_data["picture_channel"]
        try:
            case = services.add_picture(actor=request.actor, case=case, slot=slot, upload=upload, channel=channel, now=clock.now())
        except Invalid as error:
            explain(form, error)
        else:
            return redirect(next_page(case))
    return _page(request, case, slot, form, present=getattr(case, f"{slot}_image"))


@own_case
def check(request: PortalRequest, case: Case) -> HttpResponse:
    """Everything once more, then send."""
    now = clock.now()
    if request.method == "POST":
        services.submit(actor=request.actor, case=case, now=now)
        return redirect("verification:status")
    if queries.steps_left(case):
        return redirect(next_page(case))
    return _page(request, case, "check", None, tries=queries.tries(case.user_id, now), face=Purpose.FACE in queries.consents(case.user_id))


def _page(request: PortalRequest, case: Case, name: str, form: Any, **more: Any) -> HttpResponse:
    asked_again = [reason for reason in explained(case.reasons) if reason.step == name and name in case.redo]
    context = {"case": case, "form": form, "steps": stepper(case, name), "asked_again": asked_again, **more}
    refused = form is not None and form.is_bound and not form.is_valid()
    return render(request, f"verification/{name}.html", context, status=422 if refused else 200)


def _typed(case: Case) -> dict[str, Any]:
    return {
        "document_type": case.document_type or None,
        "full_name": case.full_name,
        "number": case.document_number,
        "birth_date": case.birth_date,
    }
