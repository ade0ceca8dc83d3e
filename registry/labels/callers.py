"""How often people without a platform's key may ask about labels."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import TooMany

# Requests a minute. A file costs up to 64 megabytes of transfer and little work; a visitor without an account asks for one file.
RATES = {"account": "30/m/user", "visitor": "10/m/ip"}


def count(request: HttpRequest, who: str) -> None:
    """Counts a request of an `account` or a `visitor`; a platform's are counted by its quotas. Raises TooMany."""
    if not ratelimit.consume(request, app="labels", action=who, config=RATES, limit_get=True):
        raise TooMany(_("Too many files in a short time. Wait a minute."), retry_after=60)
