"""What an officer says about a guardian's proof and about a fresh selfie."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.desk.rules import CHOOSE
from verification.guardians import rules

CONFIRM, REFUSE = "confirm", "refuse"


class CheckForm(forms.Form):
    """One of two verdicts."""

    verdict = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, error_messages={"required": CHOOSE})
    says: tuple[Any, Any] = ("", "")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = list(zip((CONFIRM, REFUSE), self.says, strict=True))  # type: ignore[attr-defined]

    @property
    def confirms(self) -> bool:
        """Whether the officer confirms, once the form is valid."""
        return bool(self.cleaned_data["verdict"] == CONFIRM)


class GuardianForm(CheckForm):
    """Does the proof show a guardian?"""

    says = (_("Confirmed: this is the guardian"), _("Not accepted"))
    reason = forms.ChoiceField(
        label=_("Why it is not accepted"),
        choices=[("", _("Choose …")), *rules.REFUSALS.items()],
        required=False,
        help_text=_("Both read it."),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal has a reason."""
        if self.cleaned_data.get("verdict") == REFUSE and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Choose a reason."))
        return self.cleaned_data


class RenewalForm(CheckForm):
    """Is it the same person?"""

    says = (_("Confirmed: this is the person"), _("Not accepted: the document is needed"))
