"""A platform's OAuth clients. Their secret is shown as a key's is: once."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts import services
from portal.accounts.doors import PortalRequest
from portal.accounts.membership import platform_for, require_credentials
from portal.accounts.recent import proven_recently
from portal.kit import clock
from portal.kit.errors import NotFound, PortalError
from registry.developers.console.frame import environments, page
from registry.developers.forms import ClientForm
from verification.forms import explain


@login_required
@never_cache
@require_GET
def index(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Lists the clients, revoked ones last."""
    platform = platform_for(request.actor, platform_id)
    rows, may = platform.clients.select_related("client").order_by("-created_at"), environments(request, platform)
    alive = [{"client": each, "may_change": each.environment in may} for each in rows if each.revoked_at is None]
    context = {"clients": alive, "ended": [each for each in rows if each.revoked_at], "token_url": _token_url()}
    return page(request, platform, "clients", context)


@login_required
@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
@proven_recently
def new(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Makes a client and shows its secret, once."""
    platform = platform_for(request.actor, platform_id)
    form = ClientForm(request.POST or None, environments=environments(request, platform))
    if request.method == "POST" and form.is_valid():
        try:
            client, secret = services.create_client(actor=request.actor, platform=platform, now=clock.now(), **form.asked())
        except PortalError as error:
            explain(form, error)
        else:
            return page(request, platform, "client_shown", {"client": client, "secret": secret, "token_url": _token_url()})
    return page(request, platform, "client_new", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PortalRequest, platform_id: uuid.UUID, client_id: uuid.UUID) -> HttpResponse:
    """Asks once more, then ends a client and its tokens."""
    platform = platform_for(request.actor, platform_id)
    client = platform.clients.select_related("client").filter(pk=client_id).first()
    if client is None:
        raise NotFound
    require_credentials(request.actor, platform, client.environment)
    if request.method == "POST":
        services.revoke_client(actor=request.actor, client_id=client.pk, now=clock.now())
        messages.success(request, _("The client is revoked. None of its tokens opens anything any more."))
        return redirect("developers:clients", platform.pk)
    return page(request, platform, "client_revoke", {"client": client})


def _token_url() -> str:
    return str(settings.SITE_URL) + reverse("oauth:token")
