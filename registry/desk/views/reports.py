"""Reports from the public on the desk. One look, one decision, no claim."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid
from registry.complaints import queries, services
from registry.complaints.forms import CloseForm
from registry.complaints.models import Report
from registry.complaints.rules import LATE
from registry.desk import timeline
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.personas import queries as personas
from registry.personas.models import Application
from registry.personas.states import ApplicationState


@login_required
@never_cache
@require_safe
def reports(request: PortalRequest) -> HttpResponse:
    """Returns the reports that wait, the oldest first; `?closed` those closed last."""
    closed, now = "closed" in request.GET, clock.now()
    found = queries.closed(request.actor) if closed else queries.waiting(request.actor)
    rows = [(each, ids.printed(each.registration.registry_id)) for each in found]
    return render(request, "desk/reports.html", {"rows": rows, "closed": closed, "now": now, "late": now - LATE})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Returns a report beside what it is about; POST closes it."""
    item = queries.for_desk(request.actor, item_id)
    form, status = CloseForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        require(request.actor, Permission.DECIDE)
        status = _closed(request, item, form) if form.is_valid() else 422
    if status == 302:
        return redirect("desk:reports")
    context = {
        "item": item,
        "form": form,
        "open": item.closed_at is None and request.actor.may(Permission.DECIDE),
        "printed_id": ids.printed(item.registration.registry_id),
        "status": issuing.status_of(item.registration, clock.now()),
        "application": _application(request.actor, item),
        "answers": hasattr(item, "reporter"),
        "others": Report.objects.filter(registration=item.registration).exclude(pk=item.pk).count(),
        "lines": timeline.lines(request.actor, item),
    }
    return render(request, "desk/report.html", context, status=status)


def _closed(request: PortalRequest, item: Report, form: CloseForm) -> int:
    """Returns 302 if it is closed; what the service objects to stands on the form, with all that was written."""
    try:
        services.close(actor=request.actor, report_id=item.pk, now=clock.now(), **form.cleaned_data)
    except Invalid as error:
        for name, text in error.errors.items():
            form.add_error(name, str(text))
        return error.status
    except Conflict as error:
        form.add_error(None, str(error.detail))
        return error.status
    messages.success(request, _("%(reference)s is closed.") % {"reference": item.reference})
    return 302


def _application(actor: Actor, item: Report) -> Application | None:
    """The page on which a hold can be placed: that of the application behind the present facts."""
    approved = personas.decidable_by(actor).filter(persona=item.registration.persona_id, state=ApplicationState.APPROVED)
    return approved.order_by("-decided_at").first()
