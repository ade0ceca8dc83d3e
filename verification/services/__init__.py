"""The verbs of this room. What the machine does (`services.machine`) is left out: it loads dlib and belongs to the worker."""

from verification.services.appeals import appeal
from verification.services.applicant import add_picture, ask_for_meeting, describe, start, submit
from verification.services.consents import consent, take_back_face, take_back_sharing
from verification.services.desk import claim, decide, release, revoke
from verification.services.handoff import hand_back, hand_off, take_over
from verification.services.meetings import arrange, note
from verification.services.movements import ChallengeOver, add_recording, draw
from verification.services.outcome import GuardianMissing, NumberInUse
from verification.services.pictures import view_picture, view_recording
from verification.services.withdrawing import take_back_processing

__all__ = [
    "ChallengeOver",
    "GuardianMissing",
    "NumberInUse",
    "add_picture",
    "add_recording",
    "appeal",
    "arrange",
    "ask_for_meeting",
    "claim",
    "consent",
    "decide",
    "describe",
    "draw",
    "hand_back",
    "hand_off",
    "note",
    "release",
    "revoke",
    "start",
    "submit",
    "take_back_face",
    "take_back_processing",
    "take_back_sharing",
    "take_over",
    "view_picture",
    "view_recording",
]
