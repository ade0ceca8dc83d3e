"""Who may read a feed."""

from datetime import datetime

from django.http import HttpRequest

from portal.accounts.callers import Caller, caller_of
from portal.accounts.models import Scope
from portal.kit.addresses import address_of


def reader(request: HttpRequest, now: datetime) -> Caller:
    """Returns the platform that may read its feed. Raises KeyBad or ScopeMissing."""
    caller = caller_of(request.headers.get("Authorization", ""), address=address_of(request.META), now=now)
    caller.require(Scope.READ)
    return caller
