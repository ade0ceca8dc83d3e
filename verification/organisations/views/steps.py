"""The filing's way: which page comes next, and the stepper above each."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verification.organisations import queries
from verification.organisations.models import Organisation
from verification.views.steps import WizardStep

LABELS: dict[str, str | Promise] = {
    "details": _("Details"),
    "licence": _("Licence"),
    "letter": _("Mandate letter"),
    "check": _("Check answers"),
}


def next_page(organisation: Organisation) -> str:
    """Returns the address of the next page that needs the filer."""
    left = queries.steps_left(organisation)
    return page_of(organisation, left[0] if left else "check")


def page_of(organisation: Organisation, name: str) -> str:
    """Returns the address of a step."""
    return reverse(f"organisations:{name}", args=[organisation.pk])


def stepper(organisation: Organisation, current: str) -> list[WizardStep]:
    """Returns the steps of this filing; a legal representative is asked for no letter."""
    left = {*queries.steps_left(organisation), "check"}
    asked = [name for name in LABELS if name != "letter" or not organisation.represents]
    return [_step(organisation, name, current, name not in left) for name in asked]


def _step(organisation: Organisation, name: str, current: str, done: bool) -> WizardStep:
    if name == current:
        return WizardStep(LABELS[name], "current")
    return WizardStep(LABELS[name], "done", page_of(organisation, name)) if done else WizardStep(LABELS[name], "todo")
