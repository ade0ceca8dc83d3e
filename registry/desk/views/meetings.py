"""The way without a face at the desk: arranging a meeting with an applicant, and noting what was seen."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid
from registry.desk.forms import ArrangeForm, NoteForm
from registry.desk.views import cases
from verification import queries, services


@login_required
@never_cache
@require_POST
def arrange(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Arranges a meeting; the applicant gets a mail."""
    return _act(request, item_id, "arrange_form", ArrangeForm(request.POST))


@login_required
@never_cache
@require_POST
def note(request: PortalRequest, item_id: uuid.UUID) -> HttpResponse:
    """Notes a meeting; the case then waits for another officer."""
    return _act(request, item_id, "note_form", NoteForm(request.POST))


def _act(request: PortalRequest, item_id: uuid.UUID, name: str, form: Any) -> HttpResponse:
    require(request.actor, Permission.DECIDE)
    item = queries.case_for_desk(request.actor, item_id)
    if not form.is_valid():
        return cases.show(request, item, status=422, **{name: form})
    verb, done = _VERBS[name]
    try:
        verb(actor=request.actor, case_id=item_id, now=clock.now(), **form.given)
    except Invalid as error:
        form.refuse(error)
        return cases.show(request, item, status=422, **{name: form})
    except Conflict as error:
        return cases.show(request, queries.case_for_desk(request.actor, item_id), status=409, conflict=error, **{name: form})
    messages.success(request, str(done()))
    return redirect("desk:case", item_id)


_VERBS: dict[str, Any] = {
    "arrange_form": (services.arrange, lambda: _("The meeting is arranged; the applicant gets a mail.")),
    "note_form": (services.note, lambda: _("Noted. Another officer decides the case now.")),
}
