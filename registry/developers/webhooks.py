"""A platform's webhooks: its addresses, and what each of them is told."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.actor import Actor
from portal.accounts.doors import PortalRequest
from portal.accounts.models import Platform
from portal.accounts.recent import proven_recently
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid, NotFound, TooMany
from portal.webhooks import queries, services, wording
from portal.webhooks.models import Endpoint
from registry.developers.console.frame import page
from registry.developers.webhook_forms import ChangeForm, EndpointForm, EventForm, LogForm
from registry.sandbox import services as sandbox

PAGE = 20


def platform_of(actor: Actor, platform_id: uuid.UUID) -> Platform:
    """Returns a platform whose webhooks are the actor's to manage. Raises NotFound."""
    found = queries.platforms_of(actor).filter(pk=platform_id).first()
    if found is None:
        raise NotFound
    return found


def endpoint_of(actor: Actor, platform_id: uuid.UUID, endpoint_id: uuid.UUID) -> Endpoint:
    """Returns an endpoint of that platform. Raises NotFound."""
    mine = queries.visible_to(actor).select_related("platform", "data_key")
    found = mine.filter(platform=platform_id, pk=endpoint_id).first()
    if found is None:
        raise NotFound
    return found


def _shown(request: PortalRequest, template: str, platform: Platform, *, status: int = 200, **more: Any) -> HttpResponse:
    return page(request, platform, f"webhooks/{template}", more, status=status)


@login_required
@require_safe
def overview(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Returns the platform's addresses, and the events that can be tried."""
    platform = platform_of(request.actor, platform_id)
    endpoints = queries.visible_to(request.actor).filter(platform=platform).order_by("created_at")
    return _shown(request, "overview", platform, endpoints=endpoints, form=EventForm(), reasons=wording.DISABLED)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("secrets")
@proven_recently
def add(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Returns the form; sent, the new address's secrets, this once."""
    platform = platform_of(request.actor, platform_id)
    form = EndpointForm(request.POST or None, initial={"contact": request.actor.email})
    if request.method != "POST" or not form.is_valid():
        return _shown(request, "add", platform, form=form, status=422 if form.is_bound else 200)
    try:
        endpoint, secrets = services.add(
            actor=request.actor, platform=platform, now=clock.now(), language=get_language() or "", **form.cleaned_data
        )
    except Invalid as refused:
        _put(form, refused)
        return _shown(request, "add", platform, form=form, status=422)
    except Conflict as refused:
        form.add_error(None, f"{refused.title}. {refused.detail}")
        return _shown(request, "add", platform, form=form, status=422)
    return _shown(request, "secrets", platform, endpoint=endpoint, secrets=secrets, is_new=True)


def _put(form: Any, refused: Invalid) -> None:
    """What the service refused stands at its field."""
    for name, text in refused.errors.items():
        form.add_error(name if name in form.fields else None, str(text))


@login_required
@require_safe
def endpoint(request: PortalRequest, platform_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    """Returns one address with its log."""
    found = endpoint_of(request.actor, platform_id, endpoint_id)
    form = LogForm(request.GET)
    log = queries.log_of(found.pk)
    if form.is_valid() and form.cleaned_data["state"]:
        log = log.filter(state=form.cleaned_data["state"])
    shown = Paginator(log, PAGE).get_page(request.GET.get("page"))
    reason = wording.DISABLED.get(found.reason, "")
    return _shown(request, "endpoint", found.platform, endpoint=found, page=shown, form=form, reason=reason)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PortalRequest, platform_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    """Returns the form; sent, changes what the address hears and who hears of its end."""
    found = endpoint_of(request.actor, platform_id, endpoint_id)
    form = ChangeForm(request.POST or None, initial={"contact": found.contact, "types": found.types})
    if request.method != "POST" or not form.is_valid():
        return _shown(request, "change", found.platform, endpoint=found, form=form, status=422 if form.is_bound else 200)
    services.change(actor=request.actor, endpoint_id=found.pk, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("developers:webhook", platform_id, found.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("secrets")
@proven_recently
def rotate(request: PortalRequest, platform_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    """Returns the new secrets, this once. Whoever was asked who they are meanwhile comes back without a form."""
    found = endpoint_of(request.actor, platform_id, endpoint_id)
    if request.method != "POST":
        return redirect("developers:webhook", platform_id, found.pk)
    try:
        secrets = services.rotate(actor=request.actor, endpoint_id=found.pk, now=clock.now())
    except TooMany as refused:
        messages.error(request, wording.too_many(refused))
        return redirect("developers:webhook", platform_id, found.pk)
    return _shown(request, "secrets", found.platform, endpoint=found, secrets=secrets, is_new=False)


@login_required
@require_POST
def remove(request: PortalRequest, platform_id: uuid.UUID, endpoint_id: uuid.UUID) -> HttpResponse:
    """Takes the address away with its log."""
    found = endpoint_of(request.actor, platform_id, endpoint_id)
    services.remove(actor=request.actor, endpoint_id=found.pk, now=clock.now())
    messages.success(request, _("The address is removed."))
    return redirect("developers:webhooks", platform_id)


@login_required
@require_POST
def event(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Sends an event of the sandbox to every address that hears of its type."""
    platform = platform_of(request.actor, platform_id)
    form = EventForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose an event and a persona of the sandbox."))
    chosen = {"kind": form.cleaned_data["type"], "registry_id": form.cleaned_data["registry_id"]}
    try:
        sent = sandbox.send_event(actor=request.actor, platform_id=platform.pk, now=clock.now(), **chosen)
    except TooMany as refused:
        messages.error(request, wording.too_many(refused))
        return redirect("developers:webhooks", platform_id)
    messages.success(request, _("%(type)s is on its way.") % {"type": chosen["kind"]})
    only = sent[0].endpoint_id if len(sent) == 1 else None
    return redirect("developers:webhook", platform_id, only) if only else redirect("developers:webhooks", platform_id)
