"""A real-name case on the desk."""

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
from registry.desk import case_file, previews, timeline
from registry.desk.forms import ArrangeForm, CaseDecision, Decision, NoteForm
from registry.desk.previews import Letter
from registry.desk.rules import Kind
from registry.desk.views import items
from registry.desk.views.movements import sheet
from verification import queries, services
from verification.models import Case
from verification.states import CaseState


@login_required
@never_cache
@require_safe
def case(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns the case: pictures side by side, risks in plain words, and the decision for whoever claimed it."""
    return show(request, _find(request, item_id))


@login_required
@never_cache
@require_POST
def look(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns the case with its evidence open; the look is logged."""
    return items.look(request, DESK, item_id)


@login_required
@never_cache
@require_POST
def decide(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Verifies, asks to try again, or rejects."""
    return items.decide(request, DESK, item_id)


@login_required
@never_cache
@require_POST
def preview(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns what the applicant will read."""
    return items.preview(request, DESK, item_id)


@login_required
@never_cache
@require_safe
def movements(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns frames of the recorded movements, side by side in one picture; the look is logged."""
    return sheet(services.view_recording(actor=request.actor, case_id=item_id, now=clock.now()))


def _find(request: PortalRequest, item_id: uuid.UUID) -> Case:
    return queries.case_for_desk(request.actor, item_id)


def show(
    request: PortalRequest,
    item: Case,
    *,
    form: Decision | None = None,
    arrange_form: ArrangeForm | None = None,
    note_form: NoteForm | None = None,
    letter: Letter | None = None,
    conflict: Conflict | None = None,
    opened: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Returns the case's page, with whatever was written into its forms."""
    now = clock.now()
    context = {
        "arrange_form": arrange_form or ArrangeForm(initial={"kind": item.meeting_kind}),
        "note_form": note_form or NoteForm(),
        "file": case_file.of_case(request.actor, item, now, opened=opened),
        "form": form or CaseDecision(),
        "letter": letter,
        "reader_language": previews.language_of(item.user),
        "conflict": conflict,
        "lines": timeline.lines(request.actor, item),
        "now": now,
    }
    return render(request, "desk/case.html", context, status=status)


def _decide(request: PortalRequest, item_id: uuid.UUID, form: Decision, now: datetime) -> Case:
    return services.decide(actor=request.actor, case_id=item_id, verdict=form.chosen, reasons=form.given, note=form.note_given, now=now)


def _write(request: PortalRequest, item: Case, form: Decision, now: datetime) -> Letter:
    return previews.to_applicant(request, item, form.chosen, form.given, form.note_given, now)


DESK = items.Desk(
    kind=Kind.CASE,
    form=CaseDecision,
    find=_find,
    show=show,
    decide=_decide,
    write=_write,
    done={
        CaseState.VERIFIED: _("the person is verified."),
        CaseState.RETRY: _("the applicant is asked to try again."),
        CaseState.REJECTED: _("rejected."),
    },
)
