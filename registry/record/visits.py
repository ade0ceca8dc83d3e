"""How often one address may look things up: enough for people, too little to guess an ID (55 random bits) or copy the registry."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import TooMany

RATES = {"search": "30/m/ip", "record": "120/m/ip", "badge": "300/m/ip"}
WAIT = 60  # seconds


def count(request: HttpRequest, what: str) -> None:
    """Counts a visit to the `search`, a `record` (page and JSON alike) or a `badge`. Raises TooMany."""
    if not ratelimit.consume(request, app="record", action=what, config=RATES, limit_get=True):
        text = _("This address has looked up very much in a short time. Wait a minute. Platforms ask the gate instead of this page.")
        raise TooMany(text, retry_after=WAIT)
