"""Whether somebody at the keys proved who they are a moment ago, before a page that hands out a secret."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.accounts.doors import PortalRequest

P = ParamSpec("P")
View = Callable[Concatenate[PortalRequest, P], HttpResponse]


def recently(request: PortalRequest) -> bool:
    """Returns whether the account signed in, or proved itself again, within allauth's time; also if it has no way to do so."""
    if not get_reauthentication_flows(request.user):
        return True
    records = get_authentication_records(request, request.user)
    last = max((float(record["at"]) for record in records), default=0.0)
    return time.time() - last < float(app_settings.REAUTHENTICATION_TIMEOUT)


def proven_recently(view: View[P]) -> View[P]:
    """Leads to the proof before the page is shown. A form that was open too long is shown again; nothing of it is kept meanwhile."""

    @wraps(view)
    def asking(request: PortalRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if recently(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            messages.info(request, _("This page was open for a while. Confirm that it is you, and send the form again."))
            return redirect(request.get_full_path())
        raise ReauthenticationRequired

    return asking
