"""The verbs of this room. What the machine does (`services.machine`) is left out: it loads dlib and belongs to the worker."""

from verification.services.applicant import add_picture, describe, start, submit
from verification.services.consents import consent, take_back_face
from verification.services.desk import claim, decide, release, revoke
from verification.services.outcome import GuardianMissing, NumberInUse
from verification.services.pictures import view_picture

__all__ = [
    "GuardianMissing",
    "NumberInUse",
    "add_picture",
    "claim",
    "consent",
    "decide",
    "describe",
    "release",
    "revoke",
    "start",
    "submit",
    "take_back_face",
    "view_picture",
]
