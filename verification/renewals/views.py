"""Confirming an identity: by when, how, the selfie, and what came of it."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid, NotFound
from portal.vault.models import Erased
from verification import rules as limits
from verification.engines.pictures import MAX_BYTES
from verification.forms import SelfieForm, explain
from verification.queries import draws_left
from verification.reasons import explained
from verification.renewals import queries, services
from verification.services import ChallengeOver
from verification.services.person import own_id
from verification.views.movements import drawn


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PortalRequest) -> HttpResponse:
    """The page with the camera; htmx asks whether there is news. POST sends a selfie."""
    me, now = own_id(request.actor), clock.now()
    form = SelfieForm(request.POST, request.FILES) if request.method == "POST" else SelfieForm()
    if request.method == "POST" and form.is_valid() and _sent(request, form):
        return redirect("renewals:confirm")
    due = queries.due(me, now)
    if request.headers.get("HX-Request"):
        return _news(due, request.GET.get("seen", ""))
    context = {
        "due": due,
        "form": form,
        "reasons": explained(due.last.reasons) if due and due.last else [],
        "tries": queries.tries(me, now),
        "limit": limits.LIMIT,
        "draws_left": draws_left(me, now),
        "upload": "upload" in request.GET,
    }
    return render(request, "renewals/confirm.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def movements(request: PortalRequest) -> HttpResponse:
    """The movements, drawn when the camera starts: JSON for the page's script, or what stands in the way."""
    return drawn(request, lambda slow: services.draw(actor=request.actor, slow=slow, now=clock.now()))


@login_required
@never_cache
@require_safe
def picture(request: PortalRequest, renewal_id: uuid.UUID) -> HttpResponse:
    """A selfie that an officer looks at, for its holder and for officers."""
    file = services.view_picture(actor=request.actor, renewal_id=renewal_id, now=clock.now())
    try:
        response = HttpResponse(file.read(), content_type=file.media_type)
    except (Erased, FileNotFoundError) as gone:
        raise NotFound from gone
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "no-store, private"
    return response


def _news(due: queries.Due | None, seen: str) -> HttpResponse:
    """Nothing new: htmx leaves the page as it is and asks again. Else the whole page comes anew, with its camera."""
    same = due is not None and due.last is not None and due.last.state == seen
    return HttpResponse(status=204, headers={} if same else {"HX-Refresh": "true"})


def _sent(request: PortalRequest, form: SelfieForm) -> bool:
    """Returns whether the selfie was taken; what is wrong with the picture or the movements stands beside the field."""
    upload, channel = form.cleaned_data["picture"].read(MAX_BYTES + 1), form.cleaned_data["picture_channel"]
    try:
        services.send(actor=request.actor, upload=upload, channel=channel, moved=_moved(form), now=clock.now())
    except (Invalid, ChallengeOver) as error:
        explain(form, error)
        return False
    return True


def _moved(form: SelfieForm) -> services.Moved | None:
    film = form.cleaned_data["recording"]
    if film is None:
        return None
    return services.Moved(form.cleaned_data["nonce"], film.read(MAX_BYTES + 1), form.cleaned_data["camera"])
