"""A platform's API keys. The answer to the form that makes one shows it, and nothing else ever does."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts import services
from portal.accounts.doors import PortalRequest
from portal.accounts.membership import platform_for, require_credentials
from portal.accounts.models import ApiKey, Platform
from portal.accounts.recent import proven_recently
from portal.accounts.services.keys import usable
from portal.kit import clock
from portal.kit.errors import NotFound, PortalError
from registry.developers.console.frame import environments, page
from registry.developers.console.lives import life_of
from registry.developers.forms import EndForm, KeyForm, NetworksForm, RotateForm
from verification.forms import explain


@login_required
@never_cache
@require_GET
def index(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Lists the keys: usable ones first, then those that have ended."""
    platform, now = platform_for(request.actor, platform_id), clock.now()
    alive = usable(now).filter(platform=platform).order_by("environment", "name", "-created_at").select_related("created_by")
    ended = platform.keys.exclude(pk__in=[key.pk for key in alive]).order_by("-created_at")[:50]
    may = environments(request, platform)
    context = {"keys": [_line(key, now, may) for key in alive], "ended": [_line(key, now, []) for key in ended]}
    return page(request, platform, "keys", context)


@login_required
@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@proven_recently
def new(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Makes a key and shows it, once."""
    platform = platform_for(request.actor, platform_id)
    form = KeyForm(request.POST or None, environments=environments(request, platform))
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = services.issue_key(actor=request.actor, platform=platform, now=clock.now(), **form.asked())
        except PortalError as error:
            explain(form, error)
        else:
            return page(request, platform, "key_shown", {"key": key, "secret": secret})
    return page(request, platform, "key_new", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@proven_recently
def rotate(request: PortalRequest, platform_id: uuid.UUID, key_id: uuid.UUID) -> HttpResponse:
    """Makes the second key of a name and shows it, once."""
    platform, key = _key(request, platform_id, key_id)
    form = RotateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = services.rotate_key(actor=request.actor, key_id=key.pk, now=clock.now(), **form.asked())
        except PortalError as error:
            explain(form, error)
        else:
            key.refresh_from_db()
            return page(request, platform, "key_shown", {"key": made, "secret": secret, "old": key})
    return page(request, platform, "key_rotate", {"key": key, "form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PortalRequest, platform_id: uuid.UUID, key_id: uuid.UUID) -> HttpResponse:
    """Asks once more, then ends a key now or in a while."""
    return _change(request, platform_id, key_id, EndForm, "key_end", services.end_key)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def addresses(request: PortalRequest, platform_id: uuid.UUID, key_id: uuid.UUID) -> HttpResponse:
    """Changes from where a key may be used."""
    return _change(request, platform_id, key_id, NetworksForm, "key_addresses", services.limit_key)


def _change(
    request: PortalRequest, platform_id: uuid.UUID, key_id: uuid.UUID, form_class: Any, template: str, service: Any
) -> HttpResponse:
    platform, key = _key(request, platform_id, key_id)
    form = form_class(request.POST if request.method == "POST" else None, initial={"networks": "\n".join(key.networks)})
    if request.method == "POST" and form.is_valid():
        asked = form.asked() if isinstance(form, EndForm) else form.cleaned_data
        try:
            service(actor=request.actor, key_id=key.pk, now=clock.now(), **asked)
        except PortalError as error:
            explain(form, error)
        else:
            messages.success(request, _("Done. The gate knows it within a second."))
            return redirect("developers:keys", platform.pk)
    return page(request, platform, template, {"key": key, "form": form}, status=422 if form.errors else 200)


def _key(request: PortalRequest, platform_id: uuid.UUID, key_id: uuid.UUID) -> tuple[Platform, ApiKey]:
    """The key of a platform of the actor's that the actor may change; any other is not there, or is an owner's."""
    platform = platform_for(request.actor, platform_id)
    found = platform.keys.filter(pk=key_id).first()
    if found is None:
        raise NotFound
    require_credentials(request.actor, platform, found.environment)
    return platform, found


def _line(key: ApiKey, now: datetime, may: list[Any]) -> dict[str, Any]:
    tone, text = life_of(key, now)
    return {"key": key, "tone": tone, "life": text, "may_change": key.environment in may}
