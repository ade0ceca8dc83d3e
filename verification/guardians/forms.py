"""What the pages about guardians ask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from verification.guardians.models import Relation
from verification.guardians.rules import NOTE


class InviteForm(forms.Form):
    """Whom to ask."""

    email = forms.EmailField(
        label=_("E-mail address of your guardian"),
        help_text=_("They get a link that works once, for seven days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class GrantForm(forms.Form):
    """What the guardian is to the minor, and by what an officer can see it."""

    relation = forms.ChoiceField(label=_("What are you to the young person?"), choices=Relation.choices, widget=forms.RadioSelect)
    picture = forms.FileField(label=_("Proof of the guardianship"), required=False, allow_empty_file=True, max_length=None)
    note = forms.CharField(
        label=_("Note to the officer"),
        help_text=_("Optional with a picture."),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
