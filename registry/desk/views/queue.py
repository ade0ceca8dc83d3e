"""The queue, and taking the next item of it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, Forbidden, PortalError
from registry.complaints import queries as complaints
from registry.desk import queue as desk
from registry.desk import services
from registry.desk.rules import NOTHING, TABS, Kind, Tab
from verification.guardians import queries as guardians
from verification.renewals import queries as renewals


@login_required
@never_cache
@require_safe
def queue(request: PortalRequest) -> HttpResponse:
    """Returns one list of what waits; `?tab=` and `?q=` say which part of it."""
    require(request.actor, Permission.READ_DESK)
    asked, query = request.GET.get("tab", ""), request.GET.get("q", "").replace("\0", "").strip()[:80]
    tab, now = Tab(asked) if asked in set(Tab) else Tab.ALL, clock.now()
    counts = desk.counts(request.actor)
    context = {
        "page": desk.page(request.actor, tab, query, request.GET.get("page", 1), now),
        "tabs": [(each, TABS[each], counts[each]) for each in Tab if each is not Tab.MINE or request.actor.may(Permission.DECIDE)],
        "tab": tab,
        "query": query,
        "nothing": NOTHING[tab],
        "checks": guardians.waiting(request.actor).count() + renewals.waiting(request.actor).count(),
        "reports": complaints.waiting(request.actor).count(),
        "now": now,
        "decides": request.actor.may(Permission.DECIDE),
    }
    return render(request, "desk/queue.html", context)


@login_required
@require_POST
def claim_next(request: PortalRequest) -> HttpResponse:
    """Claims the oldest free item and leads to it."""
    found = services.claim_next(actor=request.actor, now=clock.now())
    if found is None:
        messages.info(request, _("Nothing is left that you could claim."))
        return redirect("desk:queue")
    return redirect(f"desk:{found[0]}", found[1])


@login_required
@require_POST
def claim(request: PortalRequest, kind: Kind, item_id: uuid.UUID) -> HttpResponse:
    """Claims an item; the page says who was faster."""
    try:
        services.claim(actor=request.actor, kind=kind, item_id=item_id, now=clock.now())
    except Conflict:
        messages.warning(request, _("A colleague was faster. Below is how it stands now."))
    except Forbidden as error:
        _only_if_visible(request, error)
        messages.warning(request, str(error.detail))
    return redirect(f"desk:{kind}", item_id)


@login_required
@require_POST
def release(request: PortalRequest, kind: Kind, item_id: uuid.UUID) -> HttpResponse:
    """Gives an item back."""
    try:
        services.release(actor=request.actor, kind=kind, item_id=item_id, now=clock.now())
    except Conflict:
        messages.warning(request, _("You did not hold it any more. Below is how it stands now."))
        return redirect(f"desk:{kind}", item_id)
    messages.success(request, _("Given back. It waits for any officer again."))
    return redirect("desk:queue")


def _only_if_visible(request: PortalRequest, error: PortalError) -> None:
    """What is refused because of the role or because it is the actor's own has no page to go back to."""
    if not request.actor.may(Permission.DECIDE) or error.code == "own_case":
        raise error
