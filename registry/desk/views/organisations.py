"""An organisation on the desk."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict
from registry.desk import organisation_file, previews, timeline
from registry.desk.forms import Decision, OrganisationDecision, RevokeOrganisationForm
from registry.desk.previews import Letter
from registry.desk.rules import Kind
from registry.desk.views import items
from verification.organisations import queries, services
from verification.organisations.models import Organisation
from verification.organisations.states import OrganisationState


@login_required
@never_cache
@require_safe
def organisation(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns the organisation: what was filed beside its pictures, and the decision for whoever claimed it."""
    return _show(request, _find(request, item_id))


@login_required
@never_cache
@require_POST
def look(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns the organisation with its evidence open; the look is logged."""
    return items.look(request, DESK, item_id)


@login_required
@never_cache
@require_POST
def decide(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Verifies, requests changes, or rejects."""
    return items.decide(request, DESK, item_id)


@login_required
@never_cache
@require_POST
def preview(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns what the filer will read."""
    return items.preview(request, DESK, item_id)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Asks once more, then ends the verification at once."""
    require(request.actor, Permission.REVOKE)
    item, form = _find(request, item_id), RevokeOrganisationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.revoke(actor=request.actor, organisation_id=item_id, reason=form.cleaned_data["reason"], now=clock.now())
        messages.success(request, gettext("The verification is revoked. Platforms refuse the organisation's virtual humans from now on."))
        return redirect("desk:organisation", item_id)
    return render(request, "desk/revoke_organisation.html", {"form": form, "item": item}, status=422 if form.errors else 200)


def _find(request: PortalRequest, item_id: uuid.UUID) -> Organisation:
    return queries.organisation_for_desk(request.actor, item_id)


def _show(
    request: PortalRequest,
    item: Organisation,
    *,
    form: Decision | None = None,
    letter: Letter | None = None,
    conflict: Conflict | None = None,
    opened: bool = False,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    context = {
        "file": organisation_file.of_organisation(request.actor, item, now, opened=opened),
        "form": form or OrganisationDecision(),
        "letter": letter,
        "reader_language": previews.language_of(item.filed_by),
        "conflict": conflict,
        "lines": timeline.lines(request.actor, item, *item.mandates.all()),
        "now": now,
    }
    return render(request, "desk/organisation.html", context, status=status)


def _decide(request: PortalRequest, item_id: uuid.UUID, form: Decision, now: datetime) -> Organisation:
    return services.decide(
        actor=request.actor, organisation_id=item_id, verdict=form.chosen, reasons=form.given, note=form.note_given, now=now
    )


def _write(request: PortalRequest, item: Organisation, form: Decision, now: datetime) -> Letter:
    return previews.to_filer(request, item, form.chosen, form.given, form.note_given)


DESK = items.Desk(
    kind=Kind.ORGANISATION,
    form=OrganisationDecision,
    find=_find,
    show=_show,
    decide=_decide,
    write=_write,
    done={
        OrganisationState.VERIFIED: _("the organisation is verified."),
        OrganisationState.CHANGES_REQUESTED: _("changes are requested."),
        OrganisationState.REJECTED: _("rejected."),
    },
)
