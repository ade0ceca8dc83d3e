"""What a reason is: its step, what it leads to, its texts, and the words that several share."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Step(StrEnum):
    """A part of the wizard that can be asked again alone."""

    DETAILS = "details"
    DOCUMENT = "document"
    DOCUMENT_BACK = "document_back"
    SELFIE = "selfie"
    MEETING = "meeting"


class Kind(StrEnum):
    """What a reason leads to."""

    NOTE = "note"  # a fact for the officer, no reason to look by itself
    REVIEW = "review"
    RETRY = "retry"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Reason:
    """One entry of the catalogue. `text` and `help` are read by the applicant, `internal` only by officers."""

    code: str
    kind: Kind
    text: Text
    help: Text
    internal: Text
    step: Step | None = None


CANNOT_VERIFY = _("We could not verify this document.")
OFFICER_LOOKS = _("An officer looks at your case. You need not do anything.")
APPEAL = _("If you think this is wrong, appeal: another officer looks at everything anew.")
FLAT = _("Lay the document on a dark table in good light, keep all four corners in the picture and avoid reflections.")
LIT = _("Face a window or a lamp, look straight into the camera, and take off sunglasses, mask and hat.")
FOLLOW = _("Record it again: sit still in good light, alone, and do each movement slowly, when the page asks for it.")
OTHER_FILE = _("Take the picture with the camera, or choose another file: JPEG, PNG, WebP or HEIC.")
