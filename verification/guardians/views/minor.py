"""The minor's page: who is asked, how it stands; and the guardian's list on the same page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid
from verification.forms import explain
from verification.guardians import queries, rules, services
from verification.guardians.forms import InviteForm
from verification.guardians.states import ALIVE
from verification.services.person import own_id


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: PortalRequest) -> HttpResponse:
    """Shows the guardian of whoever is signed in, and for whom they are one; POST asks a guardian."""
    me, now = own_id(request.actor), clock.now()
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.invite(actor=request.actor, email=form.cleaned_data["email"], now=now)
        except Invalid as error:
            explain(form, error)
        else:
            messages.success(request, _("A mail to your guardian is on its way."))
            return redirect("guardians:mine")
    row = queries.of_minor(me)
    context = {
        "row": row,
        "alive": row is not None and row.state in ALIVE,
        "refusal": rules.REFUSALS.get(row.refusal, "") if row else "",
        "needed": queries.needs_guardian(me, now),
        "wards": list(queries.of_guardian(request.actor)),
        "form": form,
    }
    return render(request, "guardians/mine.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def resend(request: PortalRequest) -> HttpResponse:
    """Sends the invitation again, with a new link."""
    services.resend(actor=request.actor, now=clock.now())
    messages.success(request, _("A new mail is on its way. The old link no longer works."))
    return redirect("guardians:mine")


@login_required
@require_POST
def take_back(request: PortalRequest) -> HttpResponse:
    """Takes the invitation, or the guardian's consent, back."""
    services.take_back(actor=request.actor, now=clock.now())
    messages.success(request, _("Taken back. You can ask another guardian."))
    return redirect("guardians:mine")
