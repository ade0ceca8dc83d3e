"""What every page of one platform has around it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.doors import PortalRequest
from portal.accounts.membership import role_in
from portal.accounts.models import Environment, Platform, PlatformRole

_SECTIONS: list[tuple[str | Promise, str]] = [
    (_("Overview"), "developers:platform"),
    (_("API keys"), "developers:keys"),
    (_("OAuth clients"), "developers:clients"),
    (_("Webhooks"), "developers:webhooks"),
    (_("Usage"), "developers:usage"),
    (_("Members"), "developers:members"),
    (_("Live access"), "developers:live"),
]


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of a platform's navigation."""

    label: str | Promise
    href: str
    active: bool


def sections(platform: Platform, path: str) -> list[Section]:
    """Returns a platform's navigation; its overview is active on its own page only."""
    hrefs = [(label, reverse(name, args=[platform.pk])) for label, name in _SECTIONS]
    overview = hrefs[0][1]
    return [Section(label, href, path == href if href == overview else path.startswith(href)) for label, href in hrefs]


def page(request: PortalRequest, platform: Platform, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Returns a page of the platform."""
    around = {
        "platform": platform,
        "live": platform.live_at is not None,
        "owner": role_in(request.actor, platform) is PlatformRole.OWNER,
        "sections": sections(platform, request.path),
    }
    return render(request, f"developers/{template}.html", around | context, status=status)


def environments(request: PortalRequest, platform: Platform) -> list[Environment]:
    """Returns where the actor may make credentials of the platform, the sandbox first."""
    live = platform.live_at is not None and role_in(request.actor, platform) is PlatformRole.OWNER
    return [Environment.TEST, Environment.LIVE] if live else [Environment.TEST]
