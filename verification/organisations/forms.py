"""What the pages about organisations ask. What is right is said by the services; their answers stand beside the fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from verification.organisations.models import Organisation, Role

ME, OTHER = "me", "other"


class DetailsForm(forms.Form):
    """What stands on the licence."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("As it is printed on the licence. It is public once the organisation is verified."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "spellcheck": "false"}),
    )
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        help_text=_("The 18 characters at the top of the licence."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    licence_until = forms.DateField(
        label=_("Last day of the licence"),
        help_text=_("Leave it empty if the licence has no end."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Enter the date as year-month-day, for example 2030-05-23.")},
    )
    who = forms.ChoiceField(
        label=_("Who is the legal representative?"),
        choices=[(ME, _("I am")), (OTHER, _("Somebody else, who has given me a mandate"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who the legal representative is.")},
    )
    representative = forms.CharField(
        label=_("Name of the legal representative"),
        help_text=_("As it is printed on the licence. Only its owners and officers see it."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    @property
    def told(self) -> dict[str, Any]:
        """What was typed, once the form is valid, as the service takes it."""
        told = {name: self.cleaned_data[name] for name in ("name", "uscc", "licence_until", "representative")}
        return {**told, "represents": self.cleaned_data["who"] == ME}


def initial(organisation: Organisation) -> dict[str, Any]:
    """Returns what the form shows of a filing that was begun."""
    described = bool(organisation.uscc)
    return {
        "name": organisation.name,
        "uscc": organisation.uscc,
        "licence_until": organisation.licence_until,
        "who": (ME if organisation.represents else OTHER) if described else None,
        "representative": "" if organisation.represents else organisation.representative,
    }


class InviteForm(forms.Form):
    """Who is asked to act for the organisation, and for how long."""

    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("The link works once, for seven days, and only for an account with this address."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT, widget=forms.RadioSelect, required=False)
    until = forms.DateField(
        label=_("Last day of the mandate"),
        help_text=_("Leave it empty for a mandate that stands until somebody ends it."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Enter the date as year-month-day, for example 2030-05-23.")},
    )
