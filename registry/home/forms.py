"""What an operator says of a hold."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.issuing import grounds


class HoldForm(forms.Form):
    """Why the operator stops the persona."""

    reason = forms.ChoiceField(label=_("Why do you stop it?"), choices=list(grounds.HOLD["operator"].items()), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note (only you and the officers read it)"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
