"""How long a key still counts, in a word and a colour."""

import math
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts import rules
from portal.accounts.models import ApiKey

Text = str | Promise


def life_of(key: ApiKey, now: datetime) -> tuple[str, Text]:
    """Returns the tone and text of a key's chip: how long it still counts, or how it ended."""
    if key.revoked_at is not None:
        return "bad", _("Revoked")
    if key.expires_at is None:
        return "ok", _("Does not expire")
    left = key.expires_at - now
    if left <= timedelta():
        return "off", _("Expired")
    tone = "warn" if left <= rules.REMIND_BEFORE[0] else "ok"
    if left < timedelta(days=2):
        return tone, _("Ends on %(when)s") % {"when": localtime(key.expires_at).strftime("%m-%d %H:%M")}
    days = math.ceil(left / timedelta(days=1))
    return tone, ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
