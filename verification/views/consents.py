"""The consents a person gave: which, when, in which version, and the way out of each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.doors import PortalRequest
from portal.keeping.services import held
from portal.kit import clock
from verification import queries, services
from verification.services.person import own_id


@login_required
@never_cache
@require_safe
def consents(request: PortalRequest) -> HttpResponse:
    """Every consent of the account, the standing ones with the button that takes them back."""
    me = own_id(request.actor)
    given = list(queries.consents_of(me))
    return render(request, "verification/consents.html", {"consents": given, "standing": [each for each in given if not each.withdrawn_at]})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: PortalRequest) -> HttpResponse:
    """Taking back the consent to sending the selfie: what follows, and the button."""
    if request.method == "POST":
        services.take_back_sharing(actor=request.actor, now=clock.now())
        messages.success(request, _("Your consent is taken back. No selfie is sent to the authority any more."))
        return redirect("verification:consents")
    return render(request, "verification/sharing.html")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PortalRequest) -> HttpResponse:
    """Taking back the consent to the processing: what follows, what stays, and the button."""
    if request.method == "POST":
        if services.take_back_processing(actor=request.actor, now=clock.now()):
            messages.success(request, _("Your consent is taken back, and your verification is ended."))
        return redirect("verification:status")
    me = own_id(request.actor)
    if not queries.consents_of(me).filter(withdrawn_at=None).exists():
        return redirect("verification:consents")
    return render(request, "verification/withdraw.html", {"held": held(me)})
