"""What every page knows: who looks, where they can go, and whether this is the demonstration."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.actor import ANONYMOUS, Actor
from portal.access.roles import Permission, Role


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the main navigation."""

    label: str | Promise
    href: str
    active: bool
    count: int | None = None


# (permission that shows it, or None for everybody signed in; label; URL name)
_LINKS: list[tuple[Permission | None, str | Promise, str]] = [
    (None, _("Overview"), "home:dashboard"),
    (Permission.MANAGE_PERSONA, _("My personas"), "personas:list"),
    (Permission.ANSWER_LICENCE, _("My likeness"), "consent:mine"),
    (Permission.VERIFY_SELF, _("My identity"), "verification:status"),
    (Permission.READ_DESK, _("Desk"), "desk:queue"),
    (Permission.MANAGE_PERSONA, _("For developers"), "developers:landing"),
]


def _navigation(actor: Actor, path: str) -> list[Link]:
    shown = [(label, reverse(name)) for needed, label, name in _LINKS if needed is None or actor.may(needed)]
    return [Link(label, href, path.startswith(href)) for label, href in shown]


def portal(request: HttpRequest) -> dict[str, Any]:
    """Returns `actor`, `at_home`, `nav`, `demo` and `second_factor_due` for the templates.

    A phone that takes pictures for an account is not at home: it sees no menu.
    """
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    at_home = actor.is_authenticated and Role.PHONE not in actor.roles
    return {
        "actor": actor,
        "nav": _navigation(actor, request.path) if at_home else [],
        "at_home": at_home,
        "demo": settings.DEMO,
        "second_factor_due": getattr(request, "second_factor_due", False),
    }
