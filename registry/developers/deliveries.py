"""What was sent to an address: one delivery with its tries, and what is sent by hand."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from portal.access.actor import Actor
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Conflict, NotFound, TooMany
from portal.webhooks import queries, services, showing, wording
from portal.webhooks.models import Delivery
from portal.webhooks.services.proving import NotProven
from registry.developers.console.frame import page
from registry.developers.webhooks import endpoint_of


def delivery_of(actor: Actor, platform_id: uuid.UUID, delivery_id: uuid.UUID) -> Delivery:
    """Returns a delivery to an address of that platform. Raises NotFound."""
    mine = queries.deliveries_visible_to(actor).select_related("endpoint__platform")
    found = mine.filter(endpoint__platform=platform_id, pk=delivery_id).first()
    if found is None:
        raise NotFound
    return found


@login_required
@require_safe
def delivery(request: PortalRequest, platform_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """Returns one delivery: each request, and what came back."""
    found = delivery_of(request.actor, platform_id, delivery_id)
    tries = [(showing.sent(found, each), wording.trouble(each.error)) for each in found.tries.order_by("number")]
    told = {"delivery": found, "tries": tries, "body": showing.body_of(found)}
    return page(request, found.endpoint.platform, "webhooks/delivery", told)


@login_required
@require_POST
def resend(request: PortalRequest, platform_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """Sends an event once more."""
    found = delivery_of(request.actor, platform_id, delivery_id)
    with told(request, _("It is sent once more, under the same webhook-id.")):
        services.resend(actor=request.actor, delivery_id=found.pk, now=clock.now())
    return redirect("developers:webhook", platform_id, found.endpoint_id)


@login_required
@require_POST
def prove(request: PortalRequest, platform_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    """Sends the challenge, and says what came back."""
    found = endpoint_of(request.actor, platform_id, endpoint_id)
    with told(request, _("The address is proven and active.")):
        services.prove(actor=request.actor, endpoint_id=found.pk, now=clock.now())
    return _back(platform_id, endpoint_id)


@login_required
@require_POST
def test(request: PortalRequest, platform_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    """Sends a test event."""
    found = endpoint_of(request.actor, platform_id, endpoint_id)
    with told(request, _("%(type)s is on its way.") % {"type": "endpoint.test"}):
        services.send_test(actor=request.actor, endpoint_id=found.pk, now=clock.now())
    return _back(platform_id, endpoint_id)


@login_required
@require_POST
def disable(request: PortalRequest, platform_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    """Stops sending to an address; what waits goes on waiting."""
    found = endpoint_of(request.actor, platform_id, endpoint_id)
    services.disable(actor=request.actor, endpoint_id=found.pk, now=clock.now())
    messages.success(request, _("Nothing is sent to it any more. What waits goes on waiting until you prove the address again."))
    return _back(platform_id, endpoint_id)


_REFUSALS = {
    "delivery_waits": lazy("It still waits to be sent. Look again in a moment."),
    "webhook_not_active": lazy("The address is not active: prove that it is yours first."),
}


@contextmanager
def told(request: PortalRequest, done: str) -> Iterator[None]:
    """Says on the next page that it is done, or why it was refused and what to do."""
    try:
        yield
    except NotProven as refused:
        messages.error(request, f"{refused.title}: {refused.detail}")
    except Conflict as refused:
        messages.error(request, str(_REFUSALS.get(refused.code, refused.detail)))
    except TooMany as refused:
        messages.error(request, wording.too_many(refused))
    else:
        messages.success(request, done)


def _back(platform_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    return redirect("developers:webhook", platform_id, endpoint_id)
