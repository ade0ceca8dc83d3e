"""What can be done with a registration."""

from registry.issuing.rules import TERM
from registry.issuing.services.following import follow
from registry.issuing.services.issuing import ConsentNotStanding, register
from registry.issuing.services.looking_back import look_back
from registry.issuing.services.owning import Prohibited
from registry.issuing.services.prohibiting import lift_prohibition, prohibit
from registry.issuing.services.renewing import RenewalRefused, remind, renew
from registry.issuing.services.retiring import restore, retire
from registry.issuing.services.setting import set_national_code
from registry.issuing.services.stopping import OFFICER_PARTIES, lift_hold, place_hold, revoke
from registry.issuing.services.transferring import (
    ask_transfer,
    cancel_transfer,
    confirm_giving,
    confirm_receiving,
    lapse_transfer,
)

__all__ = [
    "OFFICER_PARTIES",
    "TERM",
    "ConsentNotStanding",
    "Prohibited",
    "RenewalRefused",
    "ask_transfer",
    "cancel_transfer",
    "confirm_giving",
    "confirm_receiving",
    "follow",
    "lapse_transfer",
    "lift_hold",
    "lift_prohibition",
    "look_back",
    "place_hold",
    "prohibit",
    "register",
    "remind",
    "renew",
    "restore",
    "retire",
    "revoke",
    "set_national_code",
]
