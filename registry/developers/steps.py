"""How far a developer is: has a key, has asked, has a verified webhook."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from portal.access.actor import Actor
from portal.accounts.membership import platforms_of
from portal.accounts.models import ApiKey
from portal.webhooks.models import Endpoint
from portal.webhooks.states import EndpointState
from registry.gate.models import Decision

ANY_PLATFORM = "my-platform"  # what the commands name where the reader has none


@dataclass(frozen=True, slots=True)
class Steps:
    """What the reader has done, and where to go on; `platform` is the code that their commands name."""

    keys_url: str
    platform: str = ANY_PLATFORM
    key: bool = False
    check: bool = False
    webhook: bool = False
    webhooks_url: str = ""


def of(actor: Actor) -> Steps:
    """Returns how far an actor is with all their platforms together; the commands name the newest one."""
    mine = platforms_of(actor).order_by("-created_at")
    newest = mine.first()
    if newest is None:
        return Steps(_first_page(actor))
    has_key = ApiKey.objects.filter(platform__in=mine, revoked_at=None).exists()
    return Steps(
        keys_url=reverse("developers:keys" if has_key else "developers:key_new", args=[newest.pk]),
        platform=newest.code,
        key=has_key,
        check=Decision.objects.filter(platform__in=mine.values("code")).exists(),
        webhook=Endpoint.objects.filter(platform__in=mine, state=EndpointState.ACTIVE).exists(),
        webhooks_url=reverse("developers:webhooks", args=[newest.pk]),
    )


def _first_page(actor: Actor) -> str:
    opening = reverse("developers:platform_new")
    return opening if actor.is_authenticated else f"{reverse('account_signup')}?{urlencode({'next': opening})}"
