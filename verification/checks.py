"""What `manage.py check`, and every command that begins with it, says of this room's settings."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from verification.engines.authority import choice

HINT = (
    "Correct AUTHORITY and the settings that begin with AUTHORITY_ (docs/authorities.md), or leave AUTHORITY empty: then nobody is asked."
)

NAME_IT = "Set AUTHORITY_RECIPIENT to the authority's name and how to reach it: applicants read it when they consent (PIPL art. 23)."


@register("verification")
def authority(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Returns an error where the settings name an authority that cannot be asked: the first case would show it, days later."""
    try:
        choice.configured()
    except ImproperlyConfigured as wrong:
        return [Error(str(wrong), hint=HINT, id="verification.E001")]
    if settings.AUTHORITY_FACE and not settings.AUTHORITY_RECIPIENT:
        told = "AUTHORITY_FACE sends faces to an authority, and AUTHORITY_RECIPIENT does not say to whom."
        return [Error(told, hint=NAME_IT, id="verification.E002")]
    return []
