"""The developers' pages in their order, as one row of tabs above all of them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.roles import Permission

# (label, URL name, permission that shows it: None for everybody, also for who is not signed in)
GUIDE: list[tuple[str | Promise, str, Permission | None]] = [
    (_("Start"), "developers:landing", None),
    (_("Quickstart"), "developers:quickstart", None),
    (_("Sandbox"), "developers:sandbox", None),
    (_("Webhooks"), "developers:webhooks_guide", None),
    (_("Certificates"), "developers:certificates_guide", None),
    (_("Events"), "developers:events", None),
    (_("Errors"), "developers:errors", None),
    (_("API reference"), "reference:page", None),
]
CONSOLE: list[tuple[str | Promise, str, Permission | None]] = [
    (_("My platforms"), "developers:platforms", Permission.MANAGE_PERSONA),
    (_("Requests for live access"), "developers:requests", Permission.MANAGE_PLATFORMS),
]


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab."""

    label: str | Promise
    href: str
    active: bool


def tabs_of(actor: Actor, path: str) -> list[Tab]:
    """Returns the tabs the actor sees; the one whose address is the longest beginning of `path` is active."""
    shown = [(label, reverse(name)) for label, name, needed in GUIDE + CONSOLE if needed is None or actor.may(needed)]
    open_now = max((href for _label, href in shown if path.startswith(href)), key=len, default="")
    return [Tab(label, href, href == open_now) for label, href in shown]
