"""How often the two label addresses may be called."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import TooMany

# Requests a minute. A file costs up to 64 megabytes of transfer and little work; a visitor without an account asks for one file.
RATES = {"key": "120/m/key", "account": "30/m/user", "visitor": "10/m/ip"}


def count(request: HttpRequest, who: str, key: str = "") -> None:
    """Counts a request of a `key`, an `account` or a `visitor`. Raises TooMany."""
    if not ratelimit.consume(request, app="labels", action=who, config=RATES, key=key or None, limit_get=True):
        raise TooMany(_("Too many files in a short time. Wait a minute."), retry_after=60)
