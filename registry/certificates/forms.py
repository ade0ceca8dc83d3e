"""What is checked: a file or a number."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.certificates import paper
from registry.issuing import registry_id as ids

LARGEST = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed in: a token, and the page it was attached to."""

    token: str
    page: bytes | None


class VerifyForm(forms.Form):
    """A certificate as PDF or token, or a registry ID."""

    file = forms.FileField(
        label=_("Certificate"),
        required=False,
        help_text=_("The PDF, or the signed token (a file that ends in .jwt). It is looked at and not kept."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jwt,.txt,application/pdf,application/dc+sd-jwt"}),
    )
    number = forms.CharField(
        label=_("Or the registry ID"), required=False, max_length=64, help_text=_("As it is printed: VH-XXXX-XXXX-XXXX.")
    )

    def clean_file(self) -> Handed | None:
        """Returns the token in the file, and the file if it is a page."""
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("The file is larger than any certificate: at most 2 MB."))
        data = file.read()
        token = paper.find_token(data)
        if token is None:
            raise forms.ValidationError(
                _("There is no certificate in this file. Choose it as you downloaded it, not a scan or a printout.")
            )
        return Handed(token, data if data.startswith(b"%PDF-") else None)

    def clean_number(self) -> str | None:
        """Returns the canonical ID."""
        number: str = self.cleaned_data["number"].strip()
        if not number:
            return None
        canonical = ids.canonical(number)
        if canonical is None:
            raise forms.ValidationError(_("This is not a registry ID. Look for a typing error: the last character is a check character."))
        return canonical

    def clean(self) -> dict[str, Any]:
        """Asks for one of the two; a file says more, and goes first."""
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned.get("file") or cleaned.get("number")):
            raise forms.ValidationError(_("Choose a file, or type a registry ID."))
        return cleaned
