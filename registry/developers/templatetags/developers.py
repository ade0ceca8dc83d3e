"""What the developers' layout asks for."""

from typing import Any

from django import template

from portal.access.actor import ANONYMOUS
from registry.developers.tabs import Tab, tabs_of

register = template.Library()


@register.simple_tag(takes_context=True)
def developer_tabs(context: dict[str, Any]) -> list[Tab]:
    """Returns the tabs of the page that is shown."""
    request = context["request"]
    return tabs_of(getattr(request, "actor", ANONYMOUS), request.path)
