"""The verbs of this room."""

from verification.organisations.services.deciding import CodeInUse, claim, decide, release, revoke
from verification.organisations.services.ending import end_mandate
from verification.organisations.services.filing import add_picture, again, describe, start, submit
from verification.organisations.services.inviting import accept, invitation, invite
from verification.organisations.services.pictures import view_picture

__all__ = [
    "CodeInUse",
    "accept",
    "add_picture",
    "again",
    "claim",
    "decide",
    "describe",
    "end_mandate",
    "invitation",
    "invite",
    "release",
    "revoke",
    "start",
    "submit",
    "view_picture",
]
