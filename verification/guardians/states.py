"""The states of a guardian's consent and whose turn each is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.transitions import table


class GuardianState(models.TextChoices):
    """The guardian's turn until it is granted, then an officer's. It ends by itself when the minor comes of age."""

    INVITED = "invited", _("Invited")
    OPENED = "opened", _("Invitation opened")
    GRANTED = "granted", _("With an officer")
    CONFIRMED = "confirmed", _("Consent stands")
    REFUSED = "refused", _("Not accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TAKEN_BACK = "taken_back", _("Taken back")
    LAPSED = "lapsed", _("Invitation lapsed")


MOVES = table(
    invited="opened declined lapsed taken_back",
    opened="granted declined lapsed taken_back",
    granted="confirmed refused withdrawn taken_back",
    confirmed="refused withdrawn taken_back",
)
PENDING = (GuardianState.INVITED, GuardianState.OPENED)
ALIVE = (*PENDING, GuardianState.GRANTED, GuardianState.CONFIRMED)
