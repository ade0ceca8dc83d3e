"""What can be done with a guardianship. What the machine does (`services.comparing`) is left out: it loads dlib."""

from verification.guardians.services.answering import decline, grant, withdraw
from verification.guardians.services.deciding import confirm, refuse, view_proof
from verification.guardians.services.inviting import invite, lapse, resend, take_back
from verification.guardians.services.opening import decline_invitation, invitation, open_invitation

__all__ = [
    "confirm",
    "decline",
    "decline_invitation",
    "grant",
    "invitation",
    "invite",
    "lapse",
    "open_invitation",
    "refuse",
    "resend",
    "take_back",
    "view_proof",
    "withdraw",
]
