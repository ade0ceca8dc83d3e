"""The filing: details, licence, mandate letter, check. Each page parses, calls one service and leads on."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid
from verification.engines.pictures import MAX_BYTES
from verification.forms import PictureForm, explain
from verification.organisations import codes, queries, rules, services
from verification.organisations.forms import DetailsForm, initial
from verification.organisations.models import Organisation
from verification.organisations.services.owning import Unverified
from verification.organisations.states import FILER_TURN, OrganisationState
from verification.organisations.views.steps import next_page, stepper

P = ParamSpec("P")


def own_filing(view: Callable[Concatenate[PortalRequest, Organisation, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the organisation that whoever is signed in files; in another's turn, leads to its page."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def found(request: PortalRequest, organisation_id: uuid.UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        organisation = queries.organisation_for(request.actor, organisation_id)
        if organisation.state not in FILER_TURN or not request.actor.is_user(organisation.filed_by_id):
            return redirect("organisations:organisation", organisation.pk)
        return view(request, organisation, *args, **kwargs)

    return found


@login_required
@require_POST
def start(request: PortalRequest) -> HttpResponse:
    """Begins a filing; whoever is not verified is led to the list, which says so."""
    try:
        organisation = services.start(actor=request.actor, now=clock.now())
    except Unverified:
        return redirect("organisations:list")
    return redirect(next_page(organisation))


@login_required
@require_POST
def again(request: PortalRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Files again: to renew, or to appeal."""
    organisation = queries.organisation_for(request.actor, organisation_id)
    return redirect("organisations:details", services.again(actor=request.actor, organisation=organisation, now=clock.now()).pk)


@own_filing
def details(request: PortalRequest, organisation: Organisation) -> HttpResponse:
    """Name, code, end of the licence and legal representative."""
    form = DetailsForm(request.POST or None, initial=initial(organisation))
    if request.method == "POST" and form.is_valid():
        try:
            organisation = services.describe(actor=request.actor, organisation=organisation, now=clock.now(), **form.told)
        except Invalid as error:
            explain(form, error)
        else:
            return redirect(next_page(organisation))
    return _page(request, organisation, "details", form)


@login_required
@require_POST
def code(request: PortalRequest) -> HttpResponse:
    """The instant check of a code, for htmx: one line that says whether it can be right."""
    read = codes.read(request.POST.get("uscc", "")[:60])
    return render(request, "organisations/code.html", {"code": read, "problem": codes.PROBLEMS.get(read.problem, "")})


@own_filing
def picture(request: PortalRequest, organisation: Organisation, slot: str) -> HttpResponse:
    """The picture of the licence, or of the mandate letter."""
    if not organisation.uscc or (slot == "letter" and organisation.represents):
        return redirect(next_page(organisation))
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    if request.method == "POST" and form.is_valid():
        upload, channel = form.cleaned_data["picture"].read(MAX_BYTES + 1), form.cleaned_data["picture_channel"]
        given = {"slot": slot, "upload": upload, "channel": channel}
        try:
            organisation = services.add_picture(actor=request.actor, organisation=organisation, now=clock.now(), **given)
        except Invalid as error:
            explain(form, error)
        else:
            return redirect(next_page(organisation))
    return _page(request, organisation, slot, form, present=queries.picture_of(organisation, slot), next_page=next_page(organisation))


@own_filing
def check(request: PortalRequest, organisation: Organisation) -> HttpResponse:
    """Everything once more, then send."""
    if queries.steps_left(organisation):
        return redirect(next_page(organisation))
    if request.method == "POST":
        try:
            services.submit(actor=request.actor, organisation=organisation, now=clock.now())
        except (Invalid, Unverified) as error:
            return _page(request, organisation, "check", None, error=error, status=error.status)
        return redirect("organisations:organisation", organisation.pk)
    return _page(request, organisation, "check", None)


def _page(request: PortalRequest, organisation: Organisation, name: str, form: Any, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "organisation": organisation,
        "form": form,
        "steps": stepper(organisation, name),
        "asked": rules.texts(organisation.reasons, name) if organisation.state == OrganisationState.CHANGES_REQUESTED else [],
        **more,
    }
    refused = form is not None and form.is_bound and not form.is_valid()
    return render(request, f"organisations/{name}.html", context, status=422 if refused else status)
