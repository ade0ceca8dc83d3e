"""What the sandbox knows when a platform asks with a test key."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Environment
from portal.kit.errors import PortalError, TooMany
from registry.issuing.verdict import Facts
from registry.sandbox.cast import BUSY, BY_ID, OUT_OF_REACH

ENVIRONMENTS = {Environment.LIVE: "live", Environment.TEST: "sandbox"}  # as answers name them
WAIT = 5  # seconds, in the Retry-After of the pretended limit


class PretendedOutage(PortalError):
    """The registry plays being out of reach, under the code that the real outage has."""

    code = "registry_unreachable"
    status = 503
    title = _("The registry cannot be reached")
    help = _("Nothing was decided. This ID of the sandbox always answers so; the real outage looks the same.")


def facts(registry_id: str, platform: str, now: datetime) -> Facts | None:
    """Returns the invented facts behind a canonical ID, None if the sandbox has no such persona. Raises TooMany or
    PretendedOutage for the IDs that stand for trouble."""
    if registry_id == BUSY:
        raise TooMany(_("This ID of the sandbox always answers so. Wait as long as Retry-After says, then ask again."), retry_after=WAIT)
    if registry_id == OUT_OF_REACH:
        raise PretendedOutage
    found = BY_ID.get(registry_id)
    return found.facts(platform, now) if found else None
