"""Uploads become clean pictures: decoded within limits, upright, without metadata, as JPEG. Nothing else is ever stored.

No upload is decoded in this process: `sandbox` has it done by a child.
"""

from dataclasses import dataclass

from portal.kit.errors import Invalid
from verification.engines import sandbox
from verification.engines.answers import Answer, unpacked
from verification.engines.bounds import LONGEST, MAX_BYTES, MAX_PIXELS, MEDIA_TYPE, Subject
from verification.reasons import REASONS

__all__ = ["LONGEST", "MAX_BYTES", "MAX_PIXELS", "MEDIA_TYPE", "BadPicture", "Looked", "Subject", "clean", "look"]

_CLEANER = "verification.engines.darkroom"
_JUDGE = "verification.engines.lightbox"


class BadPicture(Invalid):
    """The upload cannot be used; `code` is one of the reason catalogue's."""

    def __init__(self, code: str) -> None:
        reason = REASONS[code]
        super().__init__(f"{reason.text} {reason.help}", code=code)


@dataclass(frozen=True, slots=True)
class Looked:
    """The clean picture, and the codes of what makes it unfit for its subject, the worst first."""

    jpeg: bytes
    problems: tuple[str, ...] = ()


def clean(upload: bytes) -> bytes:
    """Returns the first frame of the picture as JPEG, upright, at most 2400 pixels long, without metadata.

    Raises BadPicture: empty, too_large, not_a_picture, unsupported_format, too_many_pixels, damaged, too_demanding or busy.
    """
    return look(upload, Subject.PLAIN).jpeg


def look(upload: bytes, subject: Subject) -> Looked:
    """Returns the picture as `clean` does, and the codes of what is wrong with it as a picture of `subject`. Raises BadPicture."""
    if not upload:
        raise BadPicture("empty")
    if len(upload) > MAX_BYTES:
        raise BadPicture("too_large")
    answer = _answer(upload, subject)
    if answer.code:
        raise BadPicture(answer.code if answer.code in REASONS else "damaged")
    return Looked(answer.jpeg, tuple(code for code in answer.problems if code in REASONS))


def _answer(upload: bytes, subject: Subject) -> Answer:
    try:
        return unpacked(sandbox.ask(_CLEANER if subject is Subject.PLAIN else _JUDGE, subject, upload))
    except sandbox.NotStarted as error:
        raise BadPicture("busy") from error
    except sandbox.Exceeded as error:
        raise BadPicture("too_demanding") from error
    except (sandbox.Crashed, ValueError) as error:
        raise BadPicture("damaged") from error
