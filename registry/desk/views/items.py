"""What the pages of cases and applications have in common: decide, preview, look."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid
from registry.desk import services
from registry.desk.forms import Decision
from registry.desk.previews import Letter
from registry.desk.rules import Kind


@dataclass(frozen=True, slots=True)
class Desk:
    """A kind of item: its form, how its page is shown, how it is decided and what its applicant reads."""

    kind: Kind
    form: type[Decision]
    find: Callable[[PortalRequest, uuid.UUID], Any]
    show: Callable[..., HttpResponse]
    decide: Callable[[PortalRequest, uuid.UUID, Decision, datetime], object]
    write: Callable[[PortalRequest, Any, Decision, datetime], Letter]
    done: dict[str, Any] = field(default_factory=dict)


def decide(request: PortalRequest, desk: Desk, item_id: uuid.UUID) -> HttpResponse:
    """Takes the decision and leads back to the queue; a refusal shows the page again with everything that was written."""
    item, form = desk.find(request, item_id), desk.form(request.POST)
    if not form.is_valid():
        return desk.show(request, item, form=form, status=422)
    try:
        desk.decide(request, item_id, form, clock.now())
    except Invalid as error:
        form.refuse(error)
        return desk.show(request, item, form=form, status=422)
    except Conflict as error:
        return desk.show(request, desk.find(request, item_id), form=form, status=409, conflict=error)
    messages.success(request, _("%(reference)s: %(outcome)s") % {"reference": item.reference, "outcome": desk.done[form.chosen]})
    return redirect("desk:queue")


def preview(request: PortalRequest, desk: Desk, item_id: uuid.UUID) -> HttpResponse:
    """Shows what the applicant will read: the part alone for htmx, else the whole page with the form as it was filled in."""
    require(request.actor, Permission.DECIDE)
    item, form = desk.find(request, item_id), desk.form(request.POST)
    letter = desk.write(request, item, form, clock.now()) if form.is_valid() else None
    if request.headers.get("HX-Request"):
        return render(request, "desk/preview.html", {"letter": letter, "form": form})
    return desk.show(request, item, form=form, letter=letter, status=200 if letter else 422)


def look(request: PortalRequest, desk: Desk, item_id: uuid.UUID) -> HttpResponse:
    """Shows the evidence without a claim; the look is logged."""
    item = services.open_evidence(actor=request.actor, kind=desk.kind, item_id=item_id, now=clock.now())
    return desk.show(request, item, opened=True)
