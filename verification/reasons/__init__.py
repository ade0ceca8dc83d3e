"""Why a case stands where it stands: each code with a text for the applicant, what to do next, and a text for officers."""

from collections.abc import Iterable

from verification.reasons.again import AGAIN
from verification.reasons.decisions import END, LOOK
from verification.reasons.kinds import Kind, Reason, Step, Text
from verification.reasons.liveness import LIVENESS
from verification.reasons.pictures import PICTURES

__all__ = ["REASONS", "Kind", "Reason", "Step", "Text", "explained"]

REASONS: dict[str, Reason] = {reason.code: reason for reason in (*PICTURES, *AGAIN, *LIVENESS, *LOOK, *END)}


def explained(codes: Iterable[str]) -> list[Reason]:
    """Returns the entries of these codes, in their order; a code from an older catalogue is left out."""
    return [REASONS[code] for code in codes if code in REASONS]
