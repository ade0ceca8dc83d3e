"""What a platform's people do by themselves, and what administrators answer."""

from portal.platforms.services.inviting import accept, invitation, invite, lapse, take_back
from portal.platforms.services.live import approve_live, ask_live, refuse_live
from portal.platforms.services.members import change_role, remove_member
from portal.platforms.services.opening import open_platform
from portal.platforms.services.reminding import remind

__all__ = [
    "accept",
    "approve_live",
    "ask_live",
    "change_role",
    "invitation",
    "invite",
    "lapse",
    "open_platform",
    "refuse_live",
    "remind",
    "remove_member",
    "take_back",
]
