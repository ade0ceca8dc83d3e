"""The label kit of a registered persona: texts and rules, ready pictures, and the implicit label written into the operator's files."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.doors import PortalRequest
from portal.accounts.queries import operators_of
from portal.kit import clock
from portal.kit.errors import Conflict, NotFound, PortalError
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.issuing.verdict import Status
from registry.labels import aigc, callers, fonts, overlays, provider_code, queries, writing
from registry.labels.forms import ApplyForm
from registry.labels.rules import VISIBLE, Visible

EXAMPLE_NUMBER = "2026-0001"


class FontMissing(Conflict):
    """This machine has no font with Chinese letters to draw a PNG with."""

    code = "font_missing"
    title = _("This picture cannot be drawn here")
    help = _("This server has no font with Chinese letters. Use the SVG, which your own program's fonts draw.")


@dataclass(frozen=True, slots=True)
class Row:
    """Overlays that differ in their format only."""

    size: str
    percent: int
    pixels: int
    theme: str
    png: str
    svg: str


@login_required
@require_safe
def kit(request: PortalRequest, persona_id: uuid.UUID) -> HttpResponse:
    """Returns the label kit of a registered persona."""
    registration = queries.registration_of_persona(request.actor, persona_id)
    return render(request, "labels/kit.html", _kit(request, registration, ApplyForm(), clock.now()))


def _kit(request: PortalRequest, registration: Registration, form: ApplyForm, now: datetime) -> dict[str, Any]:
    printed = ids.printed(registration.registry_id)
    producer = queries.producer_of(registration, now)
    status = issuing.status_of(registration, now)
    return {
        "registration": registration,
        "printed_id": printed,
        "in_force": status is Status.ACTIVE,
        "own": operators_of(request.actor).filter(pk=registration.operator_id).exists(),
        "uses": [(visible, _rows(visible)) for visible in VISIBLE.values()],
        "has_font": fonts.available(),
        "label": aigc.first_write(producer=producer, produce_id=aigc.produce_id(printed, EXAMPLE_NUMBER)),
        "by_code": provider_code.read(producer) is not None,
        "form": form,
    }


def _rows(visible: Visible) -> list[Row]:
    offered = {each.name: each for each in overlays.offered(visible.use)}
    pairs = [(each, each.name.removesuffix("png") + "svg") for each in offered.values() if each.format == "png"]
    return [Row(f"{each.width} × {each.height}", each.percent, each.text_height, each.theme, each.name, svg) for each, svg in pairs]


@login_required
@require_safe
def overlay(request: PortalRequest, persona_id: uuid.UUID, name: str) -> HttpResponse:
    """Returns a ready picture of the label. Raises NotFound for one we do not offer, FontMissing where no PNG can be drawn."""
    wanted = overlays.named(name)
    if wanted is None:
        raise NotFound
    printed = ids.printed(queries.registration_of_persona(request.actor, persona_id).registry_id)
    if wanted.format == "png" and not fonts.available():
        raise FontMissing
    data = overlays.png(wanted, printed) if wanted.format == "png" else overlays.svg(wanted, printed)
    response = HttpResponse(data, content_type=overlays.FORMATS[wanted.format])
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{printed}-{wanted.name}"'
    return response


@csrf_exempt  # protected below, once the account was counted
@login_required
@require_POST
def apply(request: PortalRequest, persona_id: uuid.UUID) -> HttpResponseBase:
    """Returns a copy of the file that bears the persona's label; with something to correct, the kit again."""
    callers.count(request, "account")
    answer: HttpResponseBase = csrf_protect(_apply)(request, persona_id)
    return answer


def _apply(request: PortalRequest, persona_id: uuid.UUID) -> HttpResponseBase:
    now = clock.now()
    registration = queries.registration_of_persona(request.actor, persona_id)
    form = ApplyForm(request.POST, request.FILES)
    if form.is_valid():
        own = queries.labelled_by(request.actor, registration.registry_id)
        given = form.cleaned_data
        try:
            return writing.download(given["file"], own, given["content_number"], now)
        except PortalError as error:
            form.add_error(None, f"{error.title}. {error.detail}")
    return render(request, "labels/kit.html", _kit(request, registration, form, now), status=422)
