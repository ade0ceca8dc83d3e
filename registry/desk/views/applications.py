"""An application on the desk."""

import uuid
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict
from registry.desk import application_file, previews, services, timeline
from registry.desk.forms import ApplicationDecision, Decision, HoldForm
from registry.desk.previews import Letter
from registry.desk.rules import Kind
from registry.desk.views import items
from registry.personas import queries
from registry.personas.models import Application
from registry.personas.states import ApplicationState


@login_required
@never_cache
@require_safe
def application(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns the persona as it was sent, beside the licence, the operator and what is registered."""
    return show(request, find(request, item_id))


@login_required
@never_cache
@require_POST
def look(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns the application with its evidence open; the look is logged."""
    return items.look(request, DESK, item_id)


@login_required
@never_cache
@require_POST
def decide(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Approves and registers, requests changes, or rejects."""
    return items.decide(request, DESK, item_id)


@login_required
@never_cache
@require_POST
def preview(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns what the operator will read."""
    return items.preview(request, DESK, item_id)


def find(request: PortalRequest, item_id: uuid.UUID) -> Application:
    """Returns an application that is not the actor's own; raises Forbidden or NotFound."""
    return queries.application_for_desk(request.actor, item_id)


def show(
    request: PortalRequest,
    item: Application,
    *,
    form: Decision | None = None,
    hold_form: HoldForm | None = None,
    letter: Letter | None = None,
    conflict: Conflict | None = None,
    opened: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Returns the application's page with what was written so far."""
    now = clock.now()
    file = application_file.of_application(request.actor, item, now, opened=opened)
    held = [hold.party for hold, _text, _liftable in file.registered.holds] if file.registered else []
    subjects = [item, *([file.registered.row] if file.registered else [])]
    context = {
        "file": file,
        "form": form or ApplicationDecision(),
        "hold_form": hold_form or HoldForm(held=held),
        "letter": letter,
        "reader_language": previews.language_of(item.submitted_by),
        "conflict": conflict,
        "lines": timeline.lines(request.actor, *subjects),
        "now": now,
    }
    return render(request, "desk/application.html", context, status=status)


def _decide(request: PortalRequest, item_id: uuid.UUID, form: Decision, now: datetime) -> Application:
    return services.decide_application(
        actor=request.actor, application_id=item_id, verdict=form.chosen, reasons=form.given, note=form.note_given, now=now
    )


def _write(request: PortalRequest, item: Application, form: Decision, now: datetime) -> Letter:
    return previews.to_operator(request, item, form.chosen, form.given, form.note_given)


DESK = items.Desk(
    kind=Kind.APPLICATION,
    form=ApplicationDecision,
    find=find,
    show=show,
    decide=_decide,
    write=_write,
    done={
        ApplicationState.APPROVED: _("approved and registered."),
        ApplicationState.CHANGES_REQUESTED: _("changes are requested."),
        ApplicationState.REJECTED: _("rejected."),
    },
)
