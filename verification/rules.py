"""What decides a real-name case: thresholds, limits and the judgement, as pure values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from verification.reasons import REASONS, Kind, Reason, Step, explained
from verification.states import CaseState

# Documents whose back must be seen: it carries the validity or the machine-readable lines.
TWO_SIDED = frozenset({"resident_id", "hk_macao_permit", "taiwan_permit", "residence_permit", "foreign_resident"})
# Documents whose number tells no date of birth, so that it is typed.
BIRTH_TYPED = frozenset({"passport", "hk_macao_permit", "taiwan_permit", "foreign_resident"})

# Distances of dlib_face_recognition_resnet_model_v1. Nobody publishes its false match rate at one in ten thousand:
# - its author: 99.13 % of LFW's pairs told right at 0.6 with one encoding each, 99.38 % with a hundred (dlib, python_examples)
# - among 30 million faces about 0.05 % lie within 0.6 of a stranger, single ones at 0.48 (davisking/dlib#1944);
#   in 13,000 people one pair at 0.43 (davisking/dlib#1502)
# A normal tail of deviation 0.085 (assumed) through 0.05 % at 0.6 puts 0.5 below 1 in 100,000, through 0.3 % near
# 1 in 25,000: hence 0.5 for one in ten thousand. That is reckoned, not measured. Rendered strangers measure the way, not
# people: drawn between six faces, every fourth pair of them lies within 0.5 (tests/verification/test_thresholds.py).
# `manage.py evaluate_faces` measures these on a deployment's own pictures: do so, and set them here.
SAME_FACE = 0.5  # up to here the machine calls two faces one person
DOUBT = 0.6  # up to here an officer looks; dlib's own threshold for one person
KNOWN_FACE = 0.4  # up to here a face counts as already verified under another account; lower, as it is asked of all

LIMIT = 5  # submissions …
WINDOW = timedelta(hours=6)  # … in this time
ROUNDS = 2  # how often the machine sends a case back before an officer looks
BEGINNINGS = 3  # how often the machine begins with a case before an officer looks
CLAIM = timedelta(minutes=30)
CHALLENGES = 6  # drawn challenges in the same time: whoever prepares a recording cannot wait until it fits
CHALLENGE_OPEN = timedelta(minutes=3)  # from the drawing of the movements until the recording has arrived
HANDOFF_OPEN = timedelta(minutes=10)  # from the QR code until a phone has opened it
HANDOFF_LASTS = timedelta(minutes=30)  # from then until the phone is done
APPEAL_OPEN = timedelta(days=30)  # from a rejection; the pictures are kept as long
MEETING_AHEAD = timedelta(days=60)  # the latest date that can be arranged
VALID = timedelta(days=730)
RENEW = timedelta(days=60)  # how long before its end an identity can be verified again
# Live-streaming E-commerce Measures (Order 117 of 2026): operators of live commerce are verified again at least every six
# months. No six months of the calendar are shorter than 181 days.
REVERIFY = timedelta(days=180)

LEAST_AGE = 16  # Minor Protection Law art. 76: no live-publisher account below
ADULT_AGE = 18  # Civil Code art. 17; between the two a guardian consents
CONSENT_VERSIONS = {"processing": "2026-11", "face": "2026-11", "sharing": "2026-11"}

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case when it is judged; distances are None where nothing was compared."""

    age: int
    face_consent: bool = True
    document_faces: int = 0
    selfie_faces: int = 0
    distance: float | None = None
    nearest_other: float | None = None
    found: tuple[str, ...] = ()  # codes of the engines: what was read, the movements, the authority
    quality: tuple[str, ...] = ()  # codes of pictures that were sent although they look poor
    phone: bool = False
    number_held: bool = False
    region_known: bool = True
    identity_changed: bool = False
    rejected_before: bool = False
    uploaded: frozenset[Step] = frozenset()
    rounds: int = 0
    gave_up: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where the case goes, what the applicant reads and what the officer reads."""

    state: CaseState
    reasons: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an account is verified at a moment, since and until when, and how old the person is."""

    verified: bool = False
    verified_at: datetime | None = None
    valid_until: datetime | None = None
    adult: bool = False
    age: int | None = None


def judge(facts: Facts) -> Judgement:
    """Returns the machine's judgement. It never rejects: what it doubts goes to an officer (PIPL art. 24)."""
    failures, risks = tuple(_failures(facts)), tuple(_risks(facts))
    if failures and facts.rounds < ROUNDS:
        return Judgement(CaseState.RETRY, failures, risks)
    if failures:
        return Judgement(CaseState.REVIEW, (), (*failures, *risks, "retried_often"))
    doubtful = any(REASONS[risk].kind is Kind.REVIEW for risk in risks)  # a poor picture alone is no doubt
    return Judgement(CaseState.REVIEW if doubtful else CaseState.VERIFIED, (), risks)


def _failures(facts: Facts) -> Iterator[str]:
    if facts.gave_up:
        return
    yield from (code for code in facts.found if REASONS[code].kind is Kind.RETRY)
    if facts.face_consent:
        yield from _face_failures(facts)


def _face_failures(facts: Facts) -> Iterator[str]:
    if facts.document_faces == 0:
        yield "document_no_face"
    if facts.selfie_faces == 0:
        yield "selfie_no_face"
    if facts.selfie_faces > 1:
        yield "selfie_several_faces"
    elif facts.distance is not None and facts.distance > DOUBT:
        yield "face_mismatch"


def _risks(facts: Facts) -> Iterator[str]:
    yield from (code for code in facts.found if REASONS[code].kind is not Kind.RETRY)
    asked = {
        "machine_gave_up": facts.gave_up,
        "no_face_consent": not facts.face_consent,
        "face_doubtful": facts.distance is not None and SAME_FACE < facts.distance <= DOUBT,
        "document_several_faces": facts.document_faces > 1,
        "number_in_use": facts.number_held,
        "face_known": facts.nearest_other is not None and facts.nearest_other <= KNOWN_FACE,
        "identity_changed": facts.identity_changed,
        "rejected_before": facts.rejected_before,
        "minor": facts.age < ADULT_AGE,
        "document_uploaded": Step.DOCUMENT in facts.uploaded,
        "document_back_uploaded": Step.DOCUMENT_BACK in facts.uploaded,
        "selfie_uploaded": Step.SELFIE in facts.uploaded,
        "phone_handoff": facts.phone,
        "region_unknown": not facts.region_known,
    }
    yield from (code for code, applies in asked.items() if applies)
    yield from facts.quality


def steps_needed(*, document_type: str, face: bool, still: bool = False) -> list[Step]:
    """Returns the wizard's steps for a document of this type, with or without the consent to face comparison.

    `still` is a selfie without the movements: it proves no living person, so that somebody meets the applicant as well.
    """
    back = [Step.DOCUMENT_BACK] if document_type in TWO_SIDED else []
    selfie = [Step.SELFIE] if face else []
    meeting = [Step.MEETING] if still or not face else []
    return [Step.DETAILS, Step.DOCUMENT, *back, *selfie, *meeting]


def meeting_needed(*, compared: bool, liveness: str) -> bool:
    """Returns whether an officer can verify only after somebody met the person: no living face was compared.

    Facial Recognition Measures art. 10 asks for a way without the face; NIST SP 800-63A-4 lets no picture alone stand for a person.
    """
    return not compared or liveness not in ("passed", "doubtful")


def steps_to_repeat(reasons: Iterable[str], sides: Iterable[Step] = ()) -> list[Step]:
    """Returns the wizard's steps that these reasons ask for again, in the wizard's order.

    `sides` says which sides of the document a reason about the document means; without it, its front.
    """
    asked = {reason.step for reason in explained(reasons)}
    sides = set(sides)
    if sides and Step.DOCUMENT in asked:
        asked = asked - {Step.DOCUMENT} | sides
    return [step for step in Step if step in asked]


def choices(verdict: str) -> list[Reason]:
    """Returns the reasons an officer may give for a verdict."""
    if verdict == CaseState.RETRY:
        return [reason for reason in REASONS.values() if reason.step]
    return [reason for reason in REASONS.values() if reason.kind is Kind.FINAL] if verdict == CaseState.REJECTED else []


def tries_left(attempts: Iterable[datetime], now: datetime) -> tuple[int, datetime]:
    """Returns how many submissions are left at `now`, and when the next one frees up."""
    counted = sorted(at for at in attempts if at > now - WINDOW)
    return max(0, LIMIT - len(counted)), counted[-LIMIT] + WINDOW if len(counted) >= LIMIT else now


def age_on(day: date, birth: date) -> int:
    """Returns the years of age on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def adult_on(birth: date) -> date:
    """Returns the first day on which `age_on` is 18; somebody born on 29 February comes of age on 1 March of a common year."""
    year = birth.year + ADULT_AGE
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def reverify_by(confirmed_at: datetime) -> datetime:
    """Returns until when an operator of live commerce must confirm an identity that was last confirmed at that moment."""
    return confirmed_at + REVERIFY


def distance(one: Vector, other: Vector) -> float:
    """Returns how far two face templates lie apart; turning both by the vault's rotation does not change it."""
    return float(np.linalg.norm(np.asarray(one) - np.asarray(other)))
