"""The small things on the desk: a guardian's proof, and a selfie that confirms an identity. One look, one decision, no claim."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid
from registry.desk import check_files, services, timeline
from registry.desk.check_forms import GuardianForm, RenewalForm
from registry.desk.views.movements import sheet
from verification.guardians import queries as guardians
from verification.guardians import services as guardian_services
from verification.guardians.models import Guardianship
from verification.renewals import queries as renewals
from verification.renewals import services as renewal_services
from verification.renewals.models import Renewal


@login_required
@never_cache
@require_safe
def checks(request: PortalRequest) -> HttpResponse:
    """Returns what waits besides cases and applications, the oldest first."""
    context = {"guardianships": guardians.waiting(request.actor), "renewals": renewals.waiting(request.actor), "now": clock.now()}
    return render(request, "desk/checks.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guardianship(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns the guardianship with its proof; POST confirms or refuses it."""
    row = guardians.for_desk(request.actor, item_id)
    form, status = GuardianForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        require(request.actor, Permission.DECIDE)
        status = _decided(request, row, form) if form.is_valid() else 422
    if status == 302:
        return redirect("desk:checks")
    context = {"file": check_files.of_guardianship(request.actor, row, clock.now()), "form": form, "lines": _lines(request, row)}
    return render(request, "desk/guardianship.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renewal(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns the fresh selfie beside the document's portrait; POST confirms or refuses it."""
    row = renewals.for_desk(request.actor, item_id)
    form, status = RenewalForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        require(request.actor, Permission.DECIDE)
        status = _judged(request, row, form) if form.is_valid() else 422
    if status == 302:
        return redirect("desk:checks")
    context = {"file": check_files.of_renewal(request.actor, row), "form": form, "lines": _lines(request, row)}
    return render(request, "desk/renewal.html", context, status=status)


@login_required
@never_cache
@require_safe
def movements(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns frames of the movements recorded with a fresh selfie; the look is logged."""
    return sheet(renewal_services.view_recording(actor=request.actor, renewal_id=item_id, now=clock.now()))


def _decided(request: PortalRequest, row: Guardianship, form: GuardianForm) -> int:
    """Returns 302 if it is decided; what the service objects to stands on the form."""
    now = clock.now()
    try:
        if form.confirms:
            guardian_services.confirm(actor=request.actor, guardianship_id=row.pk, now=now)
        else:
            guardian_services.refuse(actor=request.actor, guardianship_id=row.pk, reason=form.cleaned_data["reason"], now=now)
    except (Conflict, Invalid) as error:
        form.add_error(None, str(error.detail))
        return error.status
    messages.success(request, _("%(reference)s is decided.") % {"reference": row.reference})
    return 302


def _judged(request: PortalRequest, row: Renewal, form: RenewalForm) -> int:
    decide = renewal_services.confirm if form.confirms else renewal_services.refuse
    try:
        decide(actor=request.actor, renewal_id=row.pk, now=clock.now())
    except Conflict as error:
        form.add_error(None, str(error.detail))
        return error.status
    messages.success(request, _("%(reference)s is decided.") % {"reference": row.reference})
    return 302


def _lines(request: PortalRequest, row: Guardianship | Renewal) -> list[timeline.Line]:
    services.look_at(actor=request.actor, check=row, now=clock.now())
    return timeline.lines(request.actor, row)
