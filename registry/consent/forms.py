"""Reading terms: as an operator proposes them, and as the portrayed person narrows them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Invalid
from registry.consent import rules
from registry.consent.models import DeclineReason, Medium, UsePurpose
from registry.consent.rules import Terms
from registry.consent.territories import TERRITORIES, WORLD
from registry.personas.queries import platform_names


class DateInput(forms.DateInput):
    """The browser's own date field; it speaks ISO 8601 only."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def _several(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    boxes = forms.CheckboxSelectMultiple()
    return forms.MultipleChoiceField(label=label, choices=list(choices), required=False, widget=boxes, help_text=help_text)


class TermsForm(forms.Form):
    """The terms of a licence. Nothing is required here: what is left blank is not granted, and the service says what must be."""

    media = _several(_("Where may the likeness appear?"), Medium.choices)  # type: ignore[assignment]  # forms know assets by this name
    purposes = _several(_("What for?"), UsePurpose.choices)
    platforms = _several(_("On which platforms?"), [])
    territories = _several(_("In which territories?"), TERRITORIES.items())
    starts_on = forms.DateField(label=_("First day"), required=False, widget=DateInput, help_text=_("Empty: from the day of the grant."))
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DateInput, help_text=_("Empty: until either side ends it."))
    voice = forms.BooleanField(label=_("The voice may be used too"), required=False)
    computed_driving = forms.BooleanField(label=_("A computer may drive the likeness"), required=False)
    notice_days = forms.IntegerField(
        label=_("Days to settle accounts after the end"),
        required=False,
        min_value=0,
        max_value=rules.MAX_NOTICE_DAYS,
        help_text=_("A withdrawal stops the use at once. These days are only for money and contracts between the two of you."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("platforms", platform_names().items())

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(choices)

    def clean_territories(self) -> list[str]:
        """The whole world and a part of it cannot both be meant."""
        chosen: list[str] = self.cleaned_data["territories"]
        if WORLD in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Untick Worldwide, or untick the countries: both together are not clear."))
        return chosen

    @property
    def terms(self) -> Terms:
        """What was chosen, once the form is valid."""
        data: dict[str, Any] = {name: self.cleaned_data.get(name) for name in rules.items(Terms())}
        data |= {name: tuple(data[name] or ()) for name in rules.LISTS}
        data |= {name: bool(data[name]) for name in rules.SWITCHES}
        return Terms(**{**data, "notice_days": data["notice_days"] or 0}).ordered()

    def refuse(self, error: Invalid) -> None:
        """Shows the service's objections beside their fields."""
        for name, text in error.errors.items():
            self.add_error(name if name in self.fields else None, str(text))
        if not error.errors:
            self.add_error(None, str(error.detail))


class InvitationForm(TermsForm):
    """Whom to ask, and for what."""

    email = forms.EmailField(
        label=_("E-mail address of the portrayed person"),
        help_text=_("They get a link that works once, for seven days. Nobody else can use it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("email",)


class AnswerForm(TermsForm):
    """The terms as far as they were proposed; everything proposed is ticked and can be unticked."""

    def __init__(self, *args: Any, proposed: Terms, **kwargs: Any) -> None:
        super().__init__(*args, initial=rules.columns(proposed), **kwargs)
        self._offer_within(proposed)
        for name in rules.SWITCHES:
            if not getattr(proposed, name):
                del self.fields[name]
        if proposed.ends_on:
            self.fields["ends_on"].required = True
            self.fields["ends_on"].help_text = _("Not later than proposed.")
        self.fields["starts_on"].widget.attrs |= _limits(proposed)
        self.fields["ends_on"].widget.attrs |= _limits(proposed)
        self.fields["notice_days"] = forms.IntegerField(
            label=self.fields["notice_days"].label,
            required=False,
            min_value=0,
            max_value=proposed.notice_days,
            help_text=self.fields["notice_days"].help_text,
        )

    def _offer_within(self, proposed: Terms) -> None:
        known: dict[str, dict[str, Any]] = {
            "media": dict(Medium.choices),
            "purposes": dict(UsePurpose.choices),
            "platforms": platform_names(),
        }
        for name, names in known.items():
            self._offer(name, [(code, names.get(code, code)) for code in getattr(proposed, name)])
        if WORLD not in proposed.territories:
            self._offer("territories", [(code, TERRITORIES.get(code, code)) for code in proposed.territories])


def _limits(terms: Terms) -> dict[str, str]:
    limits = {"min": terms.starts_on, "max": terms.ends_on}
    return {name: day.isoformat() for name, day in limits.items() if day}


class DeclineForm(forms.Form):
    """Why; only a hint is asked for."""

    reason = forms.ChoiceField(label=_("Why?"), choices=DeclineReason.choices, widget=forms.RadioSelect, initial=DeclineReason.UNSAID)
