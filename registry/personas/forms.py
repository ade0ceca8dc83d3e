"""What an operator types about a persona. The service judges it; the form only reads it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Invalid
from registry.personas import rules
from registry.personas.models import DriveMode, Portrayed
from registry.personas.queries import platform_names
from registry.personas.rules import Details, Text


def _operator(choices: Sequence[tuple[str, Text]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("In whose name?"),
        choices=choices,
        widget=forms.RadioSelect,
        help_text=_("Who answers for the persona. This cannot be changed here afterwards."),
        error_messages={"required": _("Say who answers for the persona."), "invalid_choice": _("Choose among what is listed.")},
    )


class PersonaForm(forms.Form):
    """A persona's details, with one field for the name on each platform."""

    name_zh = forms.CharField(
        label=_("Name in Chinese"),
        required=False,
        max_length=rules.NAME_ZH,
        widget=forms.TextInput(attrs={"lang": "zh-Hans", "autocomplete": "off"}),
    )
    name_en = forms.CharField(
        label=_("Name in English"),
        required=False,
        max_length=rules.NAME_EN,
        help_text=_("One of the two names is enough."),
        widget=forms.TextInput(attrs={"lang": "en", "autocomplete": "off"}),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=rules.DESCRIPTION,
        help_text=_("Who the persona is, what it does and for whom. This is public once the persona is registered."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    drive_mode = forms.ChoiceField(
        label=_("How is it driven?"),
        required=False,
        choices=DriveMode.choices,
        widget=forms.RadioSelect,
        help_text=_("Some platforms admit only personas that a real person drives live."),
    )
    portrayed = forms.ChoiceField(
        label=_("Whose face does it show?"),
        required=False,
        choices=Portrayed.choices,
        widget=forms.RadioSelect,
        help_text=_("Another real person has to agree: you invite them by mail once the portraits are there."),
    )
    platforms = forms.MultipleChoiceField(label=_("Platforms"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, operators: Sequence[tuple[str, Text]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if operators:  # only who can choose is asked
            self.fields["operator"] = _operator(operators)
        names = platform_names()
        self.fields["platforms"] = forms.MultipleChoiceField(
            label=_("Platforms"),
            required=False,
            choices=list(names.items()),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Where the persona appears, or will.") if names else _("No platform is connected to this registry yet."),
        )
        for code, name in names.items():
            label = _("Name on %(platform)s") % {"platform": name}
            self.fields[f"handle_{code}"] = forms.CharField(label=label, required=False, max_length=rules.HANDLE)

    @property
    def handles(self) -> list[forms.BoundField]:
        """The fields for names on platforms."""
        return [field for field in self if field.name.startswith("handle_")]

    @property
    def details(self) -> Details:
        """What was typed, once the form is valid."""
        data = self.cleaned_data
        texts = {name: data[name] for name in ("name_zh", "name_en", "description", "drive_mode", "portrayed")}
        handles = {name.removeprefix("handle_"): value for name, value in data.items() if name.startswith("handle_")}
        return Details(**texts, platforms=tuple(data["platforms"]), handles=handles)

    def refuse(self, error: Invalid) -> None:
        """Shows the service's objections beside their fields."""
        for name, text in error.errors.items():
            self.add_error(name if name in self.fields else None, str(text))
        if not error.errors:
            self.add_error(None, str(error.detail))


def initial(details: Details) -> dict[str, Any]:
    """Returns what the form shows of a persona that exists."""
    shown: dict[str, Any] = {name: getattr(details, name) for name in ("name_zh", "name_en", "description", "drive_mode", "portrayed")}
    handles = {f"handle_{code}": handle for code, handle in details.handles.items()}
    return {**shown, **handles, "platforms": list(details.platforms)}
