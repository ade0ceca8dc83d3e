"""What the public fills in, and what an officer says."""

from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.complaints.rules import LONGEST, OUTCOMES, REASONS, SHORTEST


class ReportForm(forms.Form):
    """A report. No account, no name."""

    reason = forms.ChoiceField(label=_("What is wrong?"), choices=list(REASONS.items()), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("Where and when you saw it, and how you know. Do not write about yourself more than is needed."),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    link = forms.CharField(
        label=_("Address of the stream or video (optional)"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address (optional)"),
        help_text=_("Only for our answer. The operator does not learn it, and it is deleted 30 days after the answer."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_link(self) -> str:
        """An address of the web, so that nothing else can be followed from the desk."""
        link: str = self.cleaned_data["link"]
        if link and "://" not in link:
            link = f"https://{link}"
        if link and not _is_of_the_web(link):
            raise forms.ValidationError(_("This is not an address of the web."))
        return link


def _is_of_the_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:  # no such host or port
        return False


class CloseForm(forms.Form):
    """How a report ends."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note for colleagues"),
        help_text=_("Why. Whoever reported it does not read it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
