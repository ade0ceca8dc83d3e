"""From what a vendor said to an answer: result codes looked up, and every text of his checked before it is kept."""

import logging
import re
from dataclasses import dataclass

from verification.engines.authority.protocol import Answer, Outcome, Question

log = logging.getLogger(__name__)

_CODE = re.compile(r"-?[0-9]{1,5}|[A-Za-z][A-Za-z_]*(?:\.[A-Za-z_]+)*", re.ASCII)
_REFERENCE = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
_LONGEST_CODE = 80


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a vendor's result code means, and whether to ask the same again later."""

    outcome: Outcome
    retryable: bool = False


MATCH = Meaning(Outcome.MATCH)
MISMATCH = Meaning(Outcome.MISMATCH)
NOT_FOUND = Meaning(Outcome.NOT_FOUND)
LATER = Meaning(Outcome.UNAVAILABLE, retryable=True)  # the service's fault or the account's: somebody will mend it
NEVER = Meaning(Outcome.UNAVAILABLE)  # the question's fault: asking again will not help


def unavailable(authority: str, cause: str, *, reference: str = "", retryable: bool = True) -> Answer:
    """Returns that nothing usable came back, and writes the cause into the log: a wrong key is for whoever runs the site."""
    log.warning("Authority %s is unavailable: %s", authority, cause)
    return Answer(Outcome.UNAVAILABLE, authority, reference, cause, retryable=retryable)


def answer(question: Question, authority: str, meaning: Meaning, *, code: object, reference: object, score: float | None = None) -> Answer:
    """Returns the answer that a result code means. Code and reference are kept only if they say nothing of the person."""
    named, numbered = kept_code(question, code), kept_reference(question, reference)
    if meaning.outcome is Outcome.UNAVAILABLE:
        return unavailable(authority, named, reference=numbered, retryable=meaning.retryable)
    return Answer(meaning.outcome, authority, numbered, named, score)


def kept_code(question: Question, code: object) -> str:
    """Returns a vendor's result code, or `unreadable` for what is not one or repeats what was asked."""
    if isinstance(code, str) and len(code) <= _LONGEST_CODE and _CODE.fullmatch(code) and not question.told_by(code):
        return code
    return "unreadable"


def kept_reference(question: Question, reference: object) -> str:
    """Returns a vendor's request number, or nothing for what is not one or repeats what was asked."""
    if isinstance(reference, str) and _REFERENCE.fullmatch(reference) and not question.told_by(reference):
        return reference
    return ""


def similarity(value: object) -> float | None:
    """Returns a score between 0 and 100, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 100 else None
