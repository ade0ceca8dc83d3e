"""What an operator says when they stop, hand over or retire a persona."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Invalid
from registry.issuing import grounds
from registry.issuing import registry_id as ids
from registry.issuing.wording import Text


class HoldForm(forms.Form):
    """Why the operator stops the persona."""

    reason = forms.ChoiceField(label=_("Why do you stop it?"), choices=list(grounds.HOLD["operator"].items()), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note (only you and the officers read it)"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class Answered(forms.Form):
    """A form whose service may refuse what was filled in."""

    def refuse(self, error: Invalid) -> None:
        """Puts what the service found beside the field it is about."""
        for name, text in error.errors.items() or [("", error.detail)]:
            self.add_error(name if name in self.fields else None, str(text))


class TransferForm(Answered):
    """To whom the persona is handed over."""

    email = forms.EmailField(
        label=_("E-mail address of the new operator"),
        help_text=_("Of the person who confirms for the new operator. They need an account with this address, and a verified identity."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class ReceiveForm(Answered):
    """In whose name the persona is taken over; asked of those alone who act for an organisation."""

    def __init__(self, *args: Any, operators: list[tuple[str, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if operators:
            self.fields["operator"] = forms.ChoiceField(label=_("In whose name?"), choices=operators, widget=forms.RadioSelect)

    @property
    def operator(self) -> str:
        """The choice, or nothing where there was none."""
        return str(self.cleaned_data.get("operator", ""))


class RetireForm(forms.Form):
    """The ID, typed: nobody retires a persona by a slip."""

    registry_id = forms.CharField(
        label=_("Type the registry ID of the persona"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, canonical: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.canonical = canonical

    def clean_registry_id(self) -> str:
        """Refuses another ID."""
        typed = str(self.cleaned_data["registry_id"])
        if ids.canonical(typed) != self.canonical:
            raise forms.ValidationError(_("This is not the ID of this persona."))
        return typed
