"""What decides a selfie that confirms an identity, and when somebody is reminded. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verification.reasons import REASONS, Kind
from verification.rules import DOUBT, RENEW, ROUNDS, SAME_FACE

# No two shots of a camera are this much alike: whoever sends one has sent it before.
ECHO = 0.01

MONTH, WEEK = timedelta(days=30), timedelta(days=7)
RISKS: dict[str, str | Promise] = {
    "selfie_seen_before": _("The selfie is the very picture from which the face template was made."),
}


class Way(StrEnum):
    """How an identity can be confirmed."""

    SELFIE = "selfie"
    DOCUMENT = "document"


class Remind(StrEnum):
    """What a reminder is about."""

    MONTH = "reverify.month"
    WEEK = "reverify.week"
    END = "identity.ends"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a selfie when it is judged."""

    faces: int = 0
    distance: float | None = None  # to the kept template
    uploaded: bool = False
    liveness: str = ""  # "passed", "doubtful" or "failed"; empty without movements
    found: tuple[str, ...] = ()  # codes of the movements and of the camera
    rounds: int = 0  # earlier selfies of the last hours that showed somebody else, or nobody alive
    gave_up: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where it goes ("confirmed", "retry" or "review"), what its holder reads and what the officer reads."""

    state: str
    reasons: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()


def judge(facts: Facts) -> Judgement:
    """Returns the machine's judgement. It never refuses: what it doubts goes to an officer (PIPL art. 24).

    It confirms nobody without the movements: a picture alone shows no living person (NIST SP 800-63A-4).
    """
    if facts.gave_up:
        return Judgement("review", (), ("machine_gave_up",))
    failures = tuple(_failures(facts))
    if grave(failures) and facts.rounds >= ROUNDS:
        return Judgement("review", (), (*failures, "retried_often"))
    if failures:
        return Judgement("retry", failures)
    risks = tuple(_risks(facts))
    return Judgement("review" if risks else "confirmed", (), risks)


def grave(codes: Iterable[str]) -> bool:
    """Returns whether a selfie with these codes showed somebody else, or nobody alive: not merely a poor picture."""
    return any(code == "face_mismatch" or code.startswith("liveness_") for code in codes)


def _failures(facts: Facts) -> Iterator[str]:
    if facts.faces == 0:
        yield "selfie_no_face"
    elif facts.faces > 1:
        yield "selfie_several_faces"
    elif facts.distance is None or facts.distance > DOUBT:
        yield "face_mismatch"
    yield from (code for code in facts.found if REASONS[code].kind is Kind.RETRY)


def _risks(facts: Facts) -> Iterator[str]:
    apart = facts.distance if facts.distance is not None else DOUBT
    if apart > SAME_FACE:
        yield "face_doubtful"
    if apart <= ECHO:
        yield "selfie_seen_before"
    yield from (code for code in facts.found if REASONS[code].kind is not Kind.RETRY)
    if not facts.liveness:
        yield "liveness_missing"
    if facts.uploaded:  # anybody's file can be sent: the point of a fresh selfie is that it is fresh
        yield "selfie_uploaded"


def way(*, consents: bool, template: bool, refused: bool) -> Way:
    """Returns how the identity can be confirmed: by a selfie against the kept template, else by the document again."""
    return Way.SELFIE if consents and template and not refused else Way.DOCUMENT


def milestone(until: datetime, now: datetime) -> Remind | None:
    """Returns which reminder is due at `now` for something to be done until then; None too early, or too late."""
    left = until - now
    if not timedelta() < left <= MONTH:
        return None
    return Remind.WEEK if left <= WEEK else Remind.MONTH


def ends_soon(valid_until: datetime, now: datetime) -> bool:
    """Returns whether an identity that ends then can be renewed at `now`."""
    return timedelta() < valid_until - now <= RENEW
