"""What a likeness was used for: the registration behind a licence and what platforms asked about it."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from registry.consent import queries as consent
from registry.gate.models import Decision
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.personas.queries import platform_names

PAGE = 30


@login_required
@require_safe
def uses(request: PortalRequest, licence_id: uuid.UUID) -> HttpResponse:
    """Returns, to the portrayed person, every question a platform asked about the persona, the newest first."""
    licence = consent.of_own_face(request.actor, licence_id)
    registration = Registration.objects.filter(persona=licence.persona).first()
    asked = _since(licence.granted_at, registration)
    page = Paginator(asked.order_by("-at"), PAGE).get_page(request.GET.get("page"))
    context = {
        "licence": licence,
        "printed_id": ids.printed(registration.registry_id) if registration else "",
        "status": issuing.status_of(registration, clock.now()) if registration else "",
        "rows": list(_named(page.object_list)),
        "page": page,
    }
    return render(request, "home/uses.html", context)


def _since(granted: datetime | None, registration: Registration | None) -> QuerySet[Decision]:
    """What was asked before the grant is not this person's business."""
    if registration is None or granted is None:
        return Decision.objects.none()
    return Decision.objects.filter(registry_id=registration.registry_id, at__gte=granted)


def _named(decisions: Iterable[Decision]) -> Iterable[tuple[Decision, str]]:
    names = platform_names()
    return ((each, names.get(each.platform, each.platform)) for each in decisions)
