"""What an officer says. Reasons stand beside the verdict they belong to; those of another verdict are not read."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Invalid
from registry.desk.rules import CHOOSE, NOTE, Text
from registry.issuing import grounds
from registry.issuing.models import Party
from registry.issuing.services import OFFICER_PARTIES
from registry.personas import rules as personas
from registry.personas.states import ApplicationState
from verification import rules as verification
from verification.models import MeetingKind
from verification.organisations import rules as organisations
from verification.organisations.states import OrganisationState
from verification.reasons import Reason, Step
from verification.states import CaseState

STEPS: dict[Step, Text] = {
    Step.DETAILS: _("Details"),
    Step.DOCUMENT: _("Document"),
    Step.DOCUMENT_BACK: _("Back"),
    Step.SELFIE: _("Selfie"),
    Step.MEETING: _("Meeting"),
}
Choices = list[tuple[str, Text]]


def _verdict(choices: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Decision"), choices=choices, widget=forms.RadioSelect, error_messages={"required": CHOOSE})


def _reasons(label: Any, choices: Choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


def _note(label: Any, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=NOTE, widget=area)


def _of_case(verdict: str) -> Choices:
    return [(reason.code, _placed(reason)) for reason in verification.choices(verdict)]


def _placed(reason: Reason) -> Text:
    """The text for officers, with the step it is about: several say only that something is blurred."""
    return format_lazy("{step}: {text}", step=STEPS[reason.step], text=reason.internal) if reason.step else reason.internal


class Decision(forms.Form):
    """A verdict, its reasons and a note. `reasons_of` names the field with a verdict's reasons."""

    reasons_of: dict[str, str] = {}

    @property
    def chosen(self) -> str:
        """The verdict as it was given, checked or not."""
        return str(self.data.get("verdict", "")) if self.is_bound else ""

    @property
    def reason_fields(self) -> list[forms.BoundField]:
        """The fields with reasons, in the order of the verdicts."""
        return [self[name] for name in self.reasons_of.values()]

    @property
    def given(self) -> list[str]:
        """The reason codes that belong to the verdict."""
        cleaned: dict[str, Any] = getattr(self, "cleaned_data", {})
        return list(cleaned.get(self.reasons_of.get(self.chosen, ""), []))

    @property
    def note_given(self) -> str:
        """The note, with a verdict whose page shows one."""
        return str(getattr(self, "cleaned_data", {}).get("note", "")) if self.chosen in self.reasons_of else ""

    def clean(self) -> dict[str, Any]:
        """Asks for a reason where the verdict needs one."""
        field = self.reasons_of.get(self.chosen)
        if field and not self.cleaned_data.get(field) and field not in self.errors:
            self.add_error(field, _("Choose at least one reason: the applicant reads it."))
        return self.cleaned_data

    def refuse(self, error: Invalid) -> None:
        """Puts what a service found beside the field it is about."""
        for name, text in error.errors.items() or [("", error.detail)]:
            field = self.reasons_of.get(self.chosen) if name == "reasons" else name
            self.add_error(field if field in self.fields else None, str(text))


class CaseDecision(Decision):
    """About a real-name case."""

    reasons_of = {CaseState.RETRY: "retry_reasons", CaseState.REJECTED: "rejected_reasons"}

    verdict = _verdict(
        [
            (CaseState.VERIFIED, _("Verified: this is the person")),
            (CaseState.RETRY, _("Ask to try again")),
            (CaseState.REJECTED, _("Reject for good")),
        ]
    )
    retry_reasons = _reasons(_("What must be done again"), _of_case(CaseState.RETRY))
    rejected_reasons = _reasons(_("Why it is rejected"), _of_case(CaseState.REJECTED))
    note = _note(_("Note to the applicant"))


class Meant(forms.Form):
    """A form whose service may refuse what was filled in."""

    def refuse(self, error: Invalid) -> None:
        """Puts what the service found beside the field it is about."""
        for name, text in error.errors.items():
            self.add_error(name if name in self.fields else None, str(text))


class ArrangeForm(Meant):
    """When and how an applicant is met."""

    kind = forms.ChoiceField(label=_("How"), choices=MeetingKind.choices, required=False)
    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    where = forms.CharField(label=_("Where"), required=False, max_length=300, help_text=_("The link of the call, or the address and room."))

    @property
    def given(self) -> dict[str, Any]:
        """What the service takes."""
        return self.cleaned_data


class NoteForm(Meant):
    """What an officer saw at a meeting."""

    seen = forms.ChoiceField(
        label=_("Who came?"),
        choices=[
            ("same", _("The person of the document")),
            ("other", _("Somebody else")),
            ("nobody", _("Nobody")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who came.")},
    )
    text = forms.CharField(
        label=_("What you saw"),
        help_text=_("The document in the hand, the face beside it, questions and answers. Only officers read it."),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @property
    def given(self) -> dict[str, Any]:
        """What the service takes."""
        seen = self.cleaned_data["seen"]
        return {"came": seen != "nobody", "same_person": seen == "same" if seen != "nobody" else None, "text": self.cleaned_data["text"]}


class ApplicationDecision(Decision):
    """About a persona."""

    reasons_of = {ApplicationState.CHANGES_REQUESTED: "change_reasons", ApplicationState.REJECTED: "rejected_reasons"}

    verdict = _verdict(
        [
            (ApplicationState.APPROVED, _("Approve and register")),
            (ApplicationState.CHANGES_REQUESTED, _("Request changes")),
            (ApplicationState.REJECTED, _("Reject")),
        ]
    )
    change_reasons = _reasons(_("What must be changed"), list(personas.REASONS.items()))
    rejected_reasons = _reasons(_("Why it is rejected"), list(personas.REASONS.items()))
    note = _note(_("Note to the operator"))


def _of_organisation(codes: Sequence[str]) -> Choices:
    return [(code, organisations.REASONS[code]) for code in codes]


class OrganisationDecision(Decision):
    """About an organisation."""

    reasons_of = {OrganisationState.CHANGES_REQUESTED: "change_reasons", OrganisationState.REJECTED: "rejected_reasons"}

    verdict = _verdict(
        [
            (OrganisationState.VERIFIED, _("Verified: it exists, and this person acts for it")),
            (OrganisationState.CHANGES_REQUESTED, _("Request changes")),
            (OrganisationState.REJECTED, _("Reject")),
        ]
    )
    change_reasons = _reasons(_("What must be changed"), _of_organisation(organisations.TO_CHANGE))
    rejected_reasons = _reasons(_("Why it is rejected"), _of_organisation(organisations.TO_REJECT))
    note = _note(_("Note to the applicant"))


class RevokeOrganisationForm(forms.Form):
    """Why the verification of an organisation ends."""

    reason = forms.ChoiceField(label=_("Reason"), choices=_of_organisation(organisations.TO_REVOKE), widget=forms.RadioSelect)


def _held_reason(choices: Sequence[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Reason"), choices=choices, error_messages={"required": _("Choose a reason.")})


class HoldForm(forms.Form):
    """Why a registration is stopped. The reason says whose hold it is."""

    note = _note(_("Note to the operator"), _("Say what must happen before the hold is lifted."))

    def __init__(self, *args: Any, held: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(Party(party).label, _coded(party)) for party in grounds.HOLD if party in OFFICER_PARTIES and party not in held]
        self.fields["reason"] = _held_reason([("", _("Choose …")), *groups])
        self.order_fields(["reason", "note"])

    @property
    def party(self) -> Party:
        """Whose hold was chosen."""
        return Party(self.cleaned_data["reason"].split(":")[0])

    @property
    def code(self) -> str:
        """The reason's code."""
        return str(self.cleaned_data["reason"].split(":")[1])


def _coded(party: str) -> Sequence[tuple[str, Text]]:
    return [(f"{party}:{code}", text) for code, text in grounds.HOLD[party].items()]


class RevokeForm(forms.Form):
    """Why a registration ends."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(grounds.REVOCATION.items()), widget=forms.RadioSelect)
