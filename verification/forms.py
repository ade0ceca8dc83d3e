"""What the wizard's pages ask. What is right is said by the services; their answers stand beside the fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Invalid, PortalError
from verification.models import DocumentType, MeetingKind, Purpose


class ConsentForm(forms.Form):
    """The consents, each apart; to sharing only where an authority takes faces."""

    processing = forms.BooleanField(
        required=False,
        label=_("I agree that my identity document is processed to verify who I am."),
        help_text=_("Needed for the verification."),
    )
    face = forms.BooleanField(
        required=False,
        label=_("I agree that my face is compared with the portrait on the document."),
        help_text=_("Your choice. You can take it back at any time, and the face template is deleted at once."),
    )

    sharing = forms.BooleanField(
        required=False,
        label=_("I agree that my selfie is sent to the authority named above, which compares it with the picture it has of me."),
        help_text=_("Your choice. Without it only the name and the number are sent. You can take it back at any time."),
    )

    def __init__(self, *args: Any, shares: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not shares:
            del self.fields["sharing"]

    def purposes(self) -> list[str]:
        """Returns the purposes that were ticked."""
        return [purpose for purpose in Purpose.values if self.cleaned_data.get(purpose)]


class DetailsForm(forms.Form):
    """What stands on the document."""

    document_type = forms.ChoiceField(
        label=_("Which document do you have at hand?"),
        choices=DocumentType.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the document you have at hand.")},
    )
    full_name = forms.CharField(
        label=_("Full name"),
        help_text=_("As it is printed on the document."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    number = forms.CharField(
        label=_("Number of the document"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        help_text=_("As it is printed on the document."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
        error_messages={"invalid": _("Enter the date as year-month-day, for example 1990-05-23.")},
    )


class PictureForm(forms.Form):
    """One picture, and how it came."""

    picture = forms.FileField(
        label=_("Picture"),
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": _("Take a picture or choose a file first.")},
    )
    picture_channel = forms.CharField(required=False, widget=forms.HiddenInput)


class SelfieForm(PictureForm):
    """The selfie, and the recording of the movements if the camera took it."""

    recording = forms.FileField(required=False, allow_empty_file=True)
    nonce = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    camera = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


class MeetingForm(forms.Form):
    """How and when somebody wants to be met."""

    kind = forms.ChoiceField(
        label=_("How shall an officer meet you?"),
        choices=MeetingKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how an officer shall meet you.")},
    )
    wish = forms.CharField(
        label=_("When does it suit you?"),
        help_text=_("For example: weekdays after 18:00, or Tuesday morning. Say here, too, if you need a sign-language interpreter."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AppealForm(forms.Form):
    """Why a rejection is wrong."""

    text = forms.CharField(
        label=_("Why do you think that the decision is wrong?"),
        help_text=_("Another officer reads it, with everything you have sent."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def explain(form: forms.Form, error: PortalError) -> None:
    """Puts a service's answer beside the fields it is about, the rest at the top."""
    errors = error.errors if isinstance(error, Invalid) else {}
    for name, text in errors.items():
        form.add_error(name if name in form.fields else None, str(text))
    if not errors:
        form.add_error(next(iter(form.fields)) if len(form.visible_fields()) == 1 else None, str(error.detail))
