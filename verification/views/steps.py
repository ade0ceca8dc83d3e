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
    "selfie": _("Selfie"),
    "check": _("Check answers"),
}


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


def stepper(case: Case, current: str) -> list[WizardStep]:
    """Returns the steps of this case; without face consent there is no selfie."""
    consents = queries.consents(case.user_id)
    left: set[str] = {str(step) for step in queries.steps_left(case)} | {"check"}
    if Purpose.PROCESSING not in consents:
        left |= {"consent", "selfie"}
    asked = [name for name in LABELS if name != "selfie" or "consent" in left or Purpose.FACE in consents]
    return [_step(name, current, name not in left) for name in asked]


def _step(name: str, current: str, done: bool) -> WizardStep:
    if name == current:
        return WizardStep(LABELS[name], "current")
    return WizardStep(LABELS[name], "done", reverse(f"verification:{name}")) if done else WizardStep(LABELS[name], "todo")
