"""The list of a person's organisations, how each stands, and its pictures."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import NotFound
from portal.vault.models import Erased
from verification.organisations import queries, rules, services
from verification.organisations.states import MandateState
from verification.organisations.views.steps import page_of


@login_required
@never_cache
@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Returns the organisations the actor acts for or has filed."""
    require(request.actor, Permission.VERIFY_SELF)
    now, until = clock.now(), queries.verified_adult_until(request.actor.user_id)
    context = {
        "organisations": queries.visible_to(request.actor).order_by("-created_at"),
        "verified": until is not None and until > now,
        "more": queries.under_way(request.actor) < rules.UNDER_WAY,
    }
    return render(request, "organisations/list.html", context)


@login_required
@never_cache
@require_safe
def organisation(request: PortalRequest, organisation_id: uuid.UUID) -> HttpResponse:
    """Returns how the organisation stands, what comes next and what happened."""
    found, now = queries.organisation_for(request.actor, organisation_id), clock.now()
    answers = queries.answers_until(found.operator_id) if found.operator_id else None
    context = {
        "organisation": found,
        "verified": queries.is_verified(found, now),
        "owner": queries.owns(request.actor, found),
        "files": request.actor.is_user(found.filed_by_id),
        "answers": answers is not None and answers > now,
        "renewable": found.valid_until is not None and found.valid_until - now < rules.RENEW,
        "agents": found.mandates.filter(state=MandateState.STANDING).count(),
        "reasons": rules.texts(found.reasons),
        "next_page": page_of(found, next(iter(rules.steps_asked(found.reasons)), "check")),
        "history": queries.history(found),
    }
    return render(request, "organisations/organisation.html", context)


@login_required
@never_cache
@require_safe
def picture(request: PortalRequest, file_id: uuid.UUID) -> HttpResponse:
    """A picture of a filing, for an owner and for officers."""
    file = services.view_picture(actor=request.actor, file_id=file_id, now=clock.now())
    try:
        response = HttpResponse(file.read(), content_type=file.media_type)
    except (Erased, FileNotFoundError) as gone:
        raise NotFound from gone
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "no-store, private"
    return response
