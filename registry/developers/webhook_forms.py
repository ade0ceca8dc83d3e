"""What a platform's developer fills in about an address, and about an event to try."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.feed.types import EventType
from portal.webhooks.states import DeliveryState
from registry.developers import wording
from registry.issuing import registry_id as ids
from registry.sandbox.cast import PERSONAS
from registry.sandbox.wording import MEANINGS


def _types() -> list[tuple[str, Any]]:
    return [(kind.value, f"{kind.value}: {text}") for kind, text in wording.EVENTS.items()]


def _personas() -> list[tuple[str, str]]:
    return [(shown, f"{shown}: {MEANINGS[each.registry_id]}") for each in PERSONAS for shown in [ids.printed(each.registry_id)]]


class ChangeForm(forms.Form):
    """What an address hears, and who hears of its end."""

    contact = forms.EmailField(
        label=_("Contact"), max_length=254, help_text=_("We write there when the address is disabled because nothing reaches it.")
    )
    types = forms.MultipleChoiceField(
        label=_("Events"),
        choices=_types,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none to hear of everything, also of types that come later."),
    )


class EndpointForm(ChangeForm):
    """A new address."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Where your server listens: https, on port 443 or 8443, reachable from the internet."),
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/webhooks", "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("url", "contact", "types")


class EventForm(forms.Form):
    """An event of the sandbox to be sent."""

    type = forms.ChoiceField(label=_("Event"), choices=[(kind.value, kind.value) for kind in EventType])
    registry_id = forms.ChoiceField(label=_("About"), choices=_personas)


class LogForm(forms.Form):
    """Which deliveries are shown."""

    state = forms.ChoiceField(
        label=_("Show"),
        choices=[("", _("All deliveries")), *DeliveryState.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
