"""The states of a portrait licence and whose turn each is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.transitions import table


class LicenceState(models.TextChoices):
    """The portrayed person's turn until it is granted or declined."""

    INVITED = "invited", _("Invited")
    OPENED = "opened", _("Invitation opened")
    IDENTITY_VERIFIED = "identity_verified", _("Identity verified")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Invitation lapsed")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Superseded")


MOVES = table(
    invited="opened lapsed superseded declined",
    opened="identity_verified declined lapsed superseded",
    identity_verified="granted declined lapsed superseded",
    granted="expired withdrawn superseded",
)
PENDING = (LicenceState.INVITED, LicenceState.OPENED, LicenceState.IDENTITY_VERIFIED)
