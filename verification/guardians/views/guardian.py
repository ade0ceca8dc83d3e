"""The guardian's pages: read what it is about, grant with a proof or decline, withdraw."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.vault.models import Erased
from verification.engines.pictures import MAX_BYTES
from verification.forms import explain
from verification.guardians import queries, rules, services
from verification.guardians.forms import GrantForm
from verification.guardians.models import Guardianship
from verification.guardians.states import GuardianState


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PortalRequest, guardianship_id: uuid.UUID) -> HttpResponse:
    """What the consent is about and, once the guardian is a verified adult, the form that grants it."""
    row = queries.for_guardian(request.actor, guardianship_id)
    if row.state != GuardianState.OPENED:
        return redirect("guardians:mine")
    form = GrantForm(request.POST, request.FILES) if request.method == "POST" else GrantForm()
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid() and _grant(request, row, form):
                messages.success(request, _("Your consent is with an officer, who looks at the proof."))
                return redirect("guardians:mine")
            status = 422
        except Conflict as error:
            form.add_error(None, str(error.detail))
            status = error.status
    unfit = rules.unfit(queries.facts(row, request.actor.user_id, clock.now()))
    context = {"row": row, "form": form, "unfit": unfit, "why": rules.UNFIT.get(unfit, ""), "here": request.path}
    return render(request, "guardians/answer.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: PortalRequest, guardianship_id: uuid.UUID) -> HttpResponse:
    """Says no."""
    row = queries.for_guardian(request.actor, guardianship_id)
    if request.method == "POST":
        services.decline(actor=request.actor, guardianship_id=row.pk, now=clock.now())
        messages.success(request, _("You have declined. The young person is told."))
        return redirect("guardians:mine")
    return render(request, "guardians/decline.html", {"row": row, "back": reverse("guardians:answer", args=[row.pk])})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PortalRequest, guardianship_id: uuid.UUID) -> HttpResponse:
    """What follows, and the button."""
    row = queries.for_guardian(request.actor, guardianship_id)
    if request.method == "POST":
        services.withdraw(actor=request.actor, guardianship_id=row.pk, now=clock.now())
        messages.success(request, _("Your consent is withdrawn. It counts no longer."))
        return redirect("guardians:mine")
    if row.state not in (GuardianState.GRANTED, GuardianState.CONFIRMED):
        return redirect("guardians:mine")
    return render(request, "guardians/withdraw.html", {"row": row})


@login_required
@never_cache
@require_safe
def proof(request: PortalRequest, guardianship_id: uuid.UUID) -> HttpResponse:
    """The picture of the proof, for its guardian and for officers."""
    file = services.view_proof(actor=request.actor, guardianship_id=guardianship_id, now=clock.now())
    try:
        response = HttpResponse(file.read(), content_type=file.media_type)
    except (Erased, FileNotFoundError) as gone:
        raise NotFound from gone
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "no-store, private"
    return response


def _grant(request: PortalRequest, row: Guardianship, form: GrantForm) -> bool:
    """Returns whether the consent was granted; what the service objects to stands beside the fields."""
    given, picture = form.cleaned_data, form.cleaned_data["picture"]
    told = {"relation": given["relation"], "note": given["note"], "proof": picture.read(MAX_BYTES + 1) if picture else None}
    try:
        services.grant(actor=request.actor, guardianship_id=row.pk, now=clock.now(), **told)
    except Invalid as error:
        if error.errors:
            explain(form, error)
        else:
            form.add_error("picture", str(error.detail))
        return False
    return True
