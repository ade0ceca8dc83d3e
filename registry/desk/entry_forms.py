"""What the desk says of a registration's entry: what the registry forbids, its national code, and which moment is asked for."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Invalid
from registry.issuing import grounds
from registry.issuing.models import Act
from registry.issuing.verdict import COMMERCE, LIVE, Ask

CHINA = "CN"
MOMENTS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]


class Refusable(forms.Form):
    """A form whose service may refuse what was filled in."""

    def refuse(self, error: Invalid) -> None:
        """Puts what the service found beside the field it is about."""
        for name, text in error.errors.items() or [("", error.detail)]:
            self.add_error(name if name in self.fields else None, str(text))


class ProhibitForm(Refusable):
    """What the registry forbids, and why. What it forbids already is not offered."""

    act = forms.ChoiceField(label=_("What is forbidden"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Why"), choices=list(grounds.PROHIBITION.items()))

    def __init__(self, *args: Any, standing: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["act"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 – declared above
        field.choices = [(value, label) for value, label in Act.choices if value not in standing]


class CodeForm(Refusable):
    """The national code; empty takes it away."""

    code = forms.CharField(
        label=_("National code"), required=False, max_length=64, help_text=_("1 to 64 letters, digits and signs of the Latin alphabet.")
    )


class PastForm(Refusable):
    """Which moment is asked for and, if wanted, which question of a platform."""

    moment = forms.DateTimeField(
        label=_("Moment"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}),
        input_formats=MOMENTS,
    )
    platform = forms.ChoiceField(label=_("Would this platform have let it in?"), required=False)
    activity = forms.ChoiceField(label=_("For"), choices=[(LIVE, _("a live stream")), ("upload", _("an upload"))], required=False)
    commerce = forms.BooleanField(label=_("to sell goods or services"), required=False)

    def __init__(self, *args: Any, platforms: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["platform"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 – declared above
        field.choices = [("", _("Do not ask")), *platforms.items()]

    @property
    def ask(self) -> Ask | None:
        """The question, if a platform was chosen."""
        given = self.cleaned_data
        if not given.get("platform"):
            return None
        return Ask(given["platform"], given.get("activity") or LIVE, COMMERCE if given.get("commerce") else None, CHINA)
