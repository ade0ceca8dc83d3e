"""The states of a selfie that confirms an identity again, and whose turn each is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.transitions import table


class RenewalState(models.TextChoices):
    """Machine → (officer) → done. A retry is a new row."""

    WAITING = "waiting", _("Being compared")
    REVIEW = "review", _("With an officer")
    CONFIRMED = "confirmed", _("Confirmed")
    RETRY = "retry", _("Try again")
    REFUSED = "refused", _("Not accepted")
    CANCELLED = "cancelled", _("Cancelled")


MOVES = table(waiting="confirmed retry review cancelled", review="confirmed refused cancelled")
OPEN = (RenewalState.WAITING, RenewalState.REVIEW)
