"""The states of an application and whose turn each is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.transitions import table


class ApplicationState(models.TextChoices):
    """Operator → officer → (operator → officer …) → done."""

    SUBMITTED = "submitted", _("Waiting for an officer")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


MOVES = table(
    submitted="in_review",
    in_review="submitted changes_requested approved rejected",
    changes_requested="submitted",
)
OPEN = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.CHANGES_REQUESTED)
OFFICER_TURN = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)
