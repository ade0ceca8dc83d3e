"""What can be reported of a virtual human, and how a report can end. Pure."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

LONGEST, SHORTEST = 4000, 20  # characters of a report: what fits on a page, and what can be looked into
LATE = timedelta(days=3)  # from here on the desk says that a report has waited long

REASONS: dict[str, Text] = {
    "stolen_face": _("It shows the face or voice of somebody who did not agree"),
    "fake_identity": _("It pretends to be somebody it is not"),
    "label_missing": _("It does not say that it is a virtual human"),
    "fraud": _("It deceives people, or sells what it should not"),
    "other": _("Something else"),
}
NO_ACTION, HOLD_PLACED, REFERRED = "no_action", "hold_placed", "referred"
OUTCOMES: dict[str, Text] = {
    NO_ACTION: _("No action: nothing is against the rules"),
    HOLD_PLACED: _("A hold is placed: the virtual human is stopped"),
    REFERRED: _("Referred: another authority or the platform looks into it"),
}
# What whoever reported it reads.
ANSWERS: dict[str, Text] = {
    NO_ACTION: _("We have looked into it and found nothing that is against the rules of the registry."),
    HOLD_PLACED: _("We have stopped this virtual human: platforms refuse it until the matter is settled."),
    REFERRED: _("The registry cannot decide this itself. We have passed it on to those who can."),
}
