"""What a platform's people type. Services judge it; a form only reads it, and takes nothing that it does not show."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts import rules as credentials
from portal.accounts.models import Environment, PlatformRole, Scope
from portal.platforms import rules

Text = str | Promise
_LIVES: list[tuple[str, Text]] = [("30", _("30 days")), ("90", _("90 days")), ("365", _("365 days"))]
_OVERLAPS: list[tuple[str, Text]] = [
    ("", _("It goes on until it expires, or you end it")),
    ("week", _("In 7 days")),
    ("day", _("In 24 hours")),
    ("now", _("Now")),
]
_SCOPE_TEXTS: dict[Scope, Text] = {
    Scope.CHECK: _("Ask the gate (gate:check)"),
    Scope.READ: _("Read the registry and the changes feed (registry:read)"),
    Scope.HISTORY: _("Ask what was true at a moment (registry:history)"),
    Scope.WEBHOOKS: _("Manage webhooks (webhooks:manage)"),
}


class OpenForm(forms.Form):
    """A new platform."""

    name = forms.CharField(
        label=_("Name"),
        max_length=rules.NAME_LENGTH,
        help_text=_("As operators and viewers know it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=rules.LONGEST,
        help_text=_("Names the platform in each check, and cannot be changed. Leave it empty to have one suggested."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    website = forms.URLField(label=_("Website"), assume_scheme="https")


class InviteForm(forms.Form):
    """Somebody is asked to work for the platform."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=PlatformRole.choices, initial=PlatformRole.DEVELOPER, widget=forms.RadioSelect)


class RoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(label=_("Role"), choices=PlatformRole.choices, widget=forms.RadioSelect)


class NetworksField(forms.CharField):
    """Addresses and networks, one a line."""

    widget = forms.Textarea

    def __init__(self) -> None:
        super().__init__(
            label=_("Only from these addresses"),
            required=False,
            max_length=2000,
            help_text=_("One address or network a line: 203.0.113.7, 203.0.113.0/24, 2001:db8::/32. Empty: from anywhere."),
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        )

    def clean(self, value: Any) -> list[str]:
        """Returns the lines; the service reads them."""
        return [line for line in str(super().clean(value)).splitlines() if line.strip()]


class CredentialForm(forms.Form):
    """A new credential. Only the environments the actor may use are offered."""

    name = forms.CharField(
        label=_("Name"),
        max_length=credentials.NAME_LENGTH,
        help_text=_("Of the service that will use it: “ingest”, “uploads”. Two keys of one name take turns."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    environment = forms.ChoiceField(label=_("Environment"), widget=forms.RadioSelect)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, text) for scope, text in _SCOPE_TEXTS.items()],
        initial=[Scope.CHECK.value, Scope.READ.value],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one of the scopes listed.")},
    )
    networks = NetworksField()

    def __init__(self, *args: Any, environments: list[Environment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["environment"] = forms.ChoiceField(
            label=_("Environment"),
            choices=[(each.value, each.label) for each in environments],
            initial=environments[0].value,
            widget=forms.RadioSelect,
            help_text=_("In the sandbox a key knows invented virtual humans only."),
        )

    def asked(self) -> dict[str, Any]:
        """Returns what the service is asked for."""
        data = self.cleaned_data
        scopes = [Scope(each) for each in data["scopes"]]
        return {"name": data["name"], "environment": Environment(data["environment"]), "scopes": scopes, "networks": data["networks"]}


class KeyForm(CredentialForm):
    """A new API key."""

    days = forms.ChoiceField(label=_("It lasts for"), choices=_LIVES, initial="90", widget=forms.RadioSelect)
    field_order = ("name", "environment", "scopes", "days", "networks")

    def asked(self) -> dict[str, Any]:
        """Returns what the service is asked for."""
        return super().asked() | {"life": timedelta(days=int(self.cleaned_data["days"]))}


class ClientForm(CredentialForm):
    """A new OAuth client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("Of the service that will use it.")
        scopes = self.fields["scopes"]
        if isinstance(scopes, forms.MultipleChoiceField):  # the gate takes keys only
            scopes.choices = [(scope.value, text) for scope, text in _SCOPE_TEXTS.items() if scope is not Scope.CHECK]
            scopes.initial = [Scope.READ.value]


class RotateForm(forms.Form):
    """The second key of a name, and when the first ends."""

    days = forms.ChoiceField(label=_("The new key lasts for"), choices=_LIVES, initial="90", widget=forms.RadioSelect)
    overlap = forms.ChoiceField(label=_("The old key ends"), choices=_OVERLAPS, required=False, initial="", widget=forms.RadioSelect)

    def asked(self) -> dict[str, Any]:
        """Returns what the service is asked for."""
        data = self.cleaned_data
        return {"life": timedelta(days=int(data["days"])), "overlap": credentials.OVERLAPS.get(data["overlap"])}


class EndForm(forms.Form):
    """When a key ends."""

    after = forms.ChoiceField(label=_("The key ends"), choices=_OVERLAPS[1:], initial="now", widget=forms.RadioSelect)

    def asked(self) -> dict[str, Any]:
        """Returns what the service is asked for."""
        return {"after": credentials.OVERLAPS[self.cleaned_data["after"]]}


class NetworksForm(forms.Form):
    """From where a key may be used."""

    networks = NetworksField()


class LiveForm(forms.Form):
    """A request for live access."""

    run_by = forms.CharField(
        label=_("Who runs the platform"),
        max_length=rules.RUN_BY,
        help_text=_("The company or institution that answers for it, by its registered name."),
    )
    purpose = forms.CharField(
        label=_("What it will use the registry for"),
        max_length=rules.PURPOSE,
        help_text=_("Which streams or uploads are checked, and about how many a day."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AnswerForm(forms.Form):
    """An administrator's answer to a request."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=rules.REASON,
        help_text=_("Needed for a refusal. The owners read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class UsageForm(forms.Form):
    """Which usage is shown."""

    environment = forms.ChoiceField(label=_("Environment"), required=False)
    credential = forms.ChoiceField(label=_("Key or client"), required=False)

    def __init__(self, *args: Any, credentials: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        both: list[tuple[str, Text]] = [("", _("Both")), *[(each.value, each.label) for each in Environment]]
        everything: list[tuple[str, Text]] = [("", _("All")), *credentials]
        self.fields["environment"] = forms.ChoiceField(label=_("Environment"), required=False, choices=both)
        self.fields["credential"] = forms.ChoiceField(label=_("Key or client"), required=False, choices=everything)
