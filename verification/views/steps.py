"""The wizard's way: which page comes next, and the stepper above each."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verification import queries
from verification.models import Case, Purpose

LABELS: dict[str, str | Promise] = {
    "consent": _("Before you start"),
    "details": _("Details"),
    "document": _("Document"),
    "document_back": _("Back"),
    "selfie": _("Selfie"),
    "meeting": _("Meeting"),
    "check": _("Check answers"),
}

UNTOLD = ("consent", "details", "document", "selfie", "check")  # before the document and the consents are known


@dataclass(frozen=True, slots=True)
class WizardStep:
    """A step as the stepper shows it; one that was done can be opened again."""

    label: str | Promise
    state: str
    href: str = ""


def next_page(case: Case) -> str:
    """Returns the address of the next page that needs the applicant."""
    if Purpose.PROCESSING not in queries.consents(case.user_id):
        return reverse("verification:consent")
    left = queries.steps_left(case)
    return reverse(f"verification:{left[0] if left else 'check'}")


def next_picture(case: Case) -> str:
    """Returns the address of the next picture that a phone takes for the case, or of the page that says it is done."""
    left = [step for step in queries.steps_left(case) if step in queries.PICTURES]
    return reverse(f"verification:{left[0]}" if left else "verification:phone")


def stepper(case: Case, current: str) -> list[WizardStep]:
    """Returns the steps of this case, with those that its document and its consents ask for."""
    consented = Purpose.PROCESSING in queries.consents(case.user_id)
    asked: list[str] = ["consent", *queries.steps_needed(case), "check"] if consented else [*UNTOLD]
    left = {*queries.steps_left(case), "check"} if consented else set(LABELS)
    return [_step(name, current, name not in left) for name in asked]


def picture_stepper(case: Case, current: str) -> list[WizardStep]:
    """Returns the pictures that a phone takes; their order is the wizard's."""
    left = queries.steps_left(case)
    return [_step(step, current, step not in left) for step in queries.steps_needed(case) if step in queries.PICTURES]


def _step(name: str, current: str, done: bool) -> WizardStep:
    if name == current:
        return WizardStep(LABELS[name], "current")
    return WizardStep(LABELS[name], "done", reverse(f"verification:{name}")) if done else WizardStep(LABELS[name], "todo")
