"""The wizard's pages of pictures, for the applicant or for a phone that took over: document, its back, selfie with movements."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid, PortalError
from verification import queries, services
from verification.engines.pictures import MAX_BYTES
from verification.forms import PictureForm, SelfieForm, explain
from verification.models import Case, Purpose
from verification.reasons import REASONS, Step, explained
from verification.views import movements
from verification.views.doors import is_phone, own_or_handed_case
from verification.views.pages import page
from verification.views.steps import next_page, next_picture


@own_or_handed_case
def picture(request: PortalRequest, case: Case, slot: Step) -> HttpResponse:
    """The photo of the document or of its back. A poor one is kept, and the page says what is poor before it leads on."""
    if _out_of_order(case, slot):
        return redirect(_onward(request, case))
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    if request.method == "POST" and form.is_valid():
        try:
            case = _add(request, case, slot, form)
        except Invalid as error:
            explain(form, error)
        else:
            if not _poor(case, slot):
                return redirect(_onward(request, case))
            form = PictureForm()
    return _show(request, case, slot, form)


@own_or_handed_case
def selfie(request: PortalRequest, case: Case) -> HttpResponse:
    """The selfie with the movements; an upload has none, and then somebody meets the applicant as well."""
    if _out_of_order(case, Step.SELFIE):
        return redirect(_onward(request, case))
    form = SelfieForm(request.POST, request.FILES) if request.method == "POST" else SelfieForm()
    if request.method == "POST" and form.is_valid():
        try:
            case = _add(request, case, Step.SELFIE, form)
            case = _add_recording(request, case, form)
        except PortalError as error:
            explain(form, error)
        else:
            if not _poor(case, Step.SELFIE):
                return redirect(_onward(request, case))
            form = SelfieForm()
    return _show(request, case, Step.SELFIE, form)


@own_or_handed_case
def challenge(request: PortalRequest, case: Case) -> HttpResponse:
    """The movements, drawn when the camera starts: JSON for the page's script, or what stands in the way."""
    return movements.drawn(request, lambda slow: services.draw(actor=request.actor, case=case, slow=slow, now=clock.now()))


def _add(request: PortalRequest, case: Case, slot: Step, form: PictureForm) -> Case:
    upload = form.cleaned_data["picture"].read(MAX_BYTES + 1)
    channel = form.cleaned_data["picture_channel"]
    return services.add_picture(actor=request.actor, case=case, slot=slot, upload=upload, channel=channel, now=clock.now())


def _add_recording(request: PortalRequest, case: Case, form: SelfieForm) -> Case:
    upload = form.cleaned_data["recording"]
    if upload is None:
        return case
    told = {"nonce": form.cleaned_data["nonce"], "camera": form.cleaned_data["camera"]}
    return services.add_recording(actor=request.actor, case=case, upload=upload.read(MAX_BYTES + 1), now=clock.now(), **told)


def _out_of_order(case: Case, slot: Step) -> bool:
    consents = queries.consents(case.user_id)
    unasked = slot not in queries.steps_needed(case)
    return Purpose.PROCESSING not in consents or unasked


def _onward(request: PortalRequest, case: Case) -> str:
    return next_picture(case) if is_phone(request) else next_page(case)


def _poor(case: Case, slot: Step) -> list[Any]:
    return [reason for reason in explained(case.quality) if REASONS[reason.code].step == slot]


def _show(request: PortalRequest, case: Case, slot: Step, form: Any) -> HttpResponse:
    left = [step for step in queries.steps_left(case) if step != slot]
    more = {
        "present": getattr(case, f"{slot}_image"),
        "poor": _poor(case, slot),
        "onward": _onward(request, case) if slot not in left else reverse("verification:resume"),
        "draws_left": queries.draws_left(case.user_id, clock.now()),
        "upload": "upload" in request.GET,
    }
    return page(request, case, slot, form, **more)
