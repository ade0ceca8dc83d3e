"""What can be done with a licence."""

from registry.consent.services.answering import decline, grant, identify, narrow, review, withdraw
from registry.consent.services.ending import end_with_operator, expire, lapse
from registry.consent.services.inviting import AlreadyInvited, invite, resend, take_back
from registry.consent.services.opening import decline_invitation, invitation, open_invitation

__all__ = [
    "AlreadyInvited",
    "decline",
    "decline_invitation",
    "end_with_operator",
    "expire",
    "grant",
    "identify",
    "invitation",
    "invite",
    "lapse",
    "narrow",
    "open_invitation",
    "resend",
    "review",
    "take_back",
    "withdraw",
]
