"""Handing a persona over: the present operator asks, and each side confirms or calls it off with the link of a mail.

Reading a link changes nothing, so that a mail scanner cannot use it up.
"""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid
from registry.home.forms import ReceiveForm, TransferForm
from registry.issuing import queries, services, transfers
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration, Transfer, TransferState
from registry.issuing.tokens import GIVER
from registry.personas import acting
from registry.personas.models import Portrayed

CLOSED = (transfers.TransferUnknown, transfers.TransferOver, transfers.TransferOfAnother)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Says what a transfer means, then asks for it."""
    registration = queries.own_registration(request.actor, registration_id)
    form = TransferForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            services.ask_transfer(actor=request.actor, registration_id=registration_id, email=email, now=clock.now())
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            form.add_error(None, str(error.detail))
        else:
            messages.success(request, _("Two mails are on their way: one to you and one to the new operator. Open yours to confirm."))
            return redirect("home:persona", persona_id=registration.persona_id)
    return render(request, "home/transfer.html", {"form": form, **_about(registration)}, status=422 if form.errors else 200)


@login_required
@require_POST
def cancel(request: PortalRequest, registration_id: uuid.UUID) -> HttpResponse:
    """Calls a transfer off, in the name of the present operator."""
    registration = queries.own_registration(request.actor, registration_id)
    services.cancel_transfer(actor=request.actor, registration_id=registration_id, now=clock.now())
    messages.success(request, _("The transfer is called off."))
    return redirect("home:persona", persona_id=registration.persona_id)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: PortalRequest, token: str) -> HttpResponse:
    """Shows one side what it confirms; a POST confirms it, or calls it off."""
    try:
        row, side = transfers.behind(token, clock.now())
        check = transfers.check_giver if side == GIVER else transfers.check_receiver
        check(row, request.actor)
        if request.method == "POST" and request.POST.get("answer") == "cancel":
            services.cancel_transfer(actor=request.actor, token=token, now=clock.now())
            messages.success(request, _("The transfer is called off."))
            return redirect("home:dashboard")
        return _give(request, row, token) if side == GIVER else _receive(request, row, token)
    except CLOSED as error:
        return render(request, "home/transfer_closed.html", {"error": error}, status=error.status)


def _give(request: PortalRequest, row: Transfer, token: str) -> HttpResponse:
    if request.method == "POST":
        return _done(request, services.confirm_giving(actor=request.actor, token=token, now=clock.now()))
    return render(request, "home/transfer_give.html", {"transfer": row, "confirmed": row.given_at, **_about(row.registration)})


def _receive(request: PortalRequest, row: Transfer, token: str) -> HttpResponse:
    form = ReceiveForm(request.POST if request.method == "POST" else None, operators=acting.choices(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            done = services.confirm_receiving(actor=request.actor, token=token, operator=form.operator, now=clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            return _done(request, done)
    context = {"transfer": row, "confirmed": row.received_at, "form": form, **_about(row.registration)}
    return render(request, "home/transfer_receive.html", context, status=422 if form.errors else 200)


def _done(request: PortalRequest, row: Transfer) -> HttpResponse:
    if row.state == TransferState.COMPLETED:
        messages.success(request, _("Both sides have confirmed: the persona has another operator now."))
    else:
        messages.success(request, _("Confirmed. It passes on once the other side has confirmed too."))
    return redirect("home:dashboard")


def _about(registration: Registration) -> dict[str, object]:
    return {
        "registration": registration,
        "persona": registration.persona,
        "printed_id": ids.printed(registration.registry_id),
        "operator": queries.operator_named(registration.operator),
        "face": registration.facts.get("portrayed") if registration.facts.get("portrayed") != Portrayed.NOBODY else "",
    }
