"""Why a case stands where it stands: each code with a text for the applicant, what to do next, and a text for officers."""

from collections.abc import Iterable
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


_CANNOT_VERIFY = _("We could not verify this document.")
_OFFICER_LOOKS = _("An officer looks at your case. You need not do anything.")
_APPEAL = _("If you think this is wrong, appeal: another officer looks at everything anew.")
_FLAT = _("Lay the document on a dark table in good light, keep all four corners in the picture and avoid reflections.")
_LIT = _("Face a window or a lamp, look straight into the camera, and take off sunglasses, mask and hat.")
_FOLLOW = _("Record it again: sit still in good light, alone, and do each movement slowly, when the page asks for it.")
_OTHER_FILE = _("Take the picture with the camera, or choose another file: JPEG, PNG, WebP or HEIC.")

_PICTURES = (
    Reason("empty", Kind.RETRY, _("The file is empty."), _OTHER_FILE, _("Empty upload.")),
    Reason("too_large", Kind.RETRY, _("The file is larger than 10 MB."), _("Take a new one, or save it smaller."), _("Over 10 MB.")),
    Reason("not_a_picture", Kind.RETRY, _("This file is not a picture."), _OTHER_FILE, _("Not a picture.")),
    Reason(
        "unsupported_format",
        Kind.RETRY,
        _("We cannot read this kind of picture."),
        _("Save it as JPEG and send it again."),
        _("Picture format not accepted."),
    ),
    Reason(
        "too_many_pixels",
        Kind.RETRY,
        _("The picture has more than 40 million pixels."),
        _("Take the picture with a lower resolution, or save this one smaller."),
        _("Over 40 megapixels."),
    ),
    Reason(
        "damaged",
        Kind.RETRY,
        _("The picture is damaged or was not sent completely."),
        _("Send it again; if that does not help, take a new one."),
        _("Could not be decoded."),
    ),
    Reason(
        "too_demanding",
        Kind.RETRY,
        _("The picture takes too much memory or time to open."),
        _("Take a new one with the camera, or save this one as JPEG."),
        _("Decoding went beyond its limits and was stopped."),
    ),
    Reason(
        "busy",
        Kind.RETRY,
        _("We could not look at the picture just now."),
        _("There is nothing wrong with it. Send it again in a minute."),
        _("No process for decoding could be started."),
    ),
)

_AGAIN = (
    Reason("document_no_face", Kind.RETRY, _("We found no portrait on the document."), _FLAT, _("No face found on it."), Step.DOCUMENT),
    Reason("document_unreadable", Kind.RETRY, _("The document cannot be read."), _FLAT, _("Blurred, dark or reflecting."), Step.DOCUMENT),
    Reason(
        "document_too_small",
        Kind.RETRY,
        _("The document is too small in the picture."),
        _("Go nearer, until it fills the frame, or choose the original file instead of a reduced copy."),
        _("Too few pixels on the document."),
        Step.DOCUMENT,
    ),
    Reason(
        "document_blurred",
        Kind.RETRY,
        _("The picture of the document is blurred."),
        _("Hold the camera still, tap on the document to focus, and wipe the lens if need be."),
        _("Edges are not sharp."),
        Step.DOCUMENT,
    ),
    Reason(
        "document_dark",
        Kind.RETRY,
        _("The picture of the document is too dark."),
        _("Turn on a light or go to a window, and do not let your shadow fall on the document."),
        _("Hardly any light on the document."),
        Step.DOCUMENT,
    ),
    Reason(
        "document_glare",
        Kind.RETRY,
        _("A reflection hides a part of the document."),
        _("Turn off the flash and tilt the document until the bright spot is gone."),
        _("Blown-out spot on the document."),
        Step.DOCUMENT,
    ),
    Reason(
        "document_screen",
        Kind.RETRY,
        _("This looks like a picture of a screen."),
        _("Take a picture of the document itself, not of a copy on a screen."),
        _("The dots of a screen show all over the picture."),
        Step.DOCUMENT,
    ),
    Reason("document_cropped", Kind.RETRY, _("A part of the document is missing."), _FLAT, _("Corners cut off."), Step.DOCUMENT),
    Reason(
        "document_expired",
        Kind.RETRY,
        _("The document has expired."),
        _("Use a document that is still valid."),
        _("Date of expiry has passed."),
        Step.DOCUMENT,
    ),
    Reason(
        "document_wrong_side",
        Kind.RETRY,
        _("This is not the page we need."),
        _("The front of a card is the side with your portrait; of a passport we need the data page."),
        _("Front and back swapped, cover, or another page."),
        Step.DOCUMENT,
    ),
    Reason(
        "document_wrong_type",
        Kind.RETRY,
        _("This is another document than the one you chose."),
        _("Take a picture of the document you chose, or go back and choose the one you have."),
        _("Another type of document than chosen."),
        Step.DOCUMENT,
    ),
    Reason(
        "document_unsupported",
        Kind.RETRY,
        _("We do not accept this kind of document."),
        _("Use one of the documents that you can choose from."),
        _("A document of none of our types, such as a driving licence."),
        Step.DOCUMENT,
    ),
    Reason("selfie_no_face", Kind.RETRY, _("We found no face in your selfie."), _LIT, _("No face in the selfie."), Step.SELFIE),
    Reason(
        "selfie_several_faces",
        Kind.RETRY,
        _("There is more than one face in your selfie."),
        _("Take it alone, in front of a plain wall, without posters or mirrors."),
        _("Several faces in the selfie."),
        Step.SELFIE,
    ),
    Reason(
        "selfie_face_too_small",
        Kind.RETRY,
        _("Your face is too small in the picture."),
        _("Come nearer, until your face fills the oval."),
        _("Too few pixels on the face."),
        Step.SELFIE,
    ),
    Reason(
        "selfie_face_cropped",
        Kind.RETRY,
        _("A part of your face is outside the picture."),
        _("Move until your whole face, from forehead to chin, is inside the oval."),
        _("The face reaches over the border."),
        Step.SELFIE,
    ),
    Reason(
        "selfie_blurred",
        Kind.RETRY,
        _("Your selfie is blurred."),
        _("Hold the camera still at arm's length, and wipe the lens if need be."),
        _("Edges of the face are not sharp."),
        Step.SELFIE,
    ),
    Reason("selfie_dark", Kind.RETRY, _("Your selfie is too dark."), _LIT, _("Hardly any light on the face."), Step.SELFIE),
    Reason(
        "selfie_glare",
        Kind.RETRY,
        _("There is too much light on your face."),
        _("Turn away from the lamp or the sun, and switch off the flash."),
        _("The face is overexposed."),
        Step.SELFIE,
    ),
    Reason("selfie_unclear", Kind.RETRY, _("Your selfie is not clear enough."), _LIT, _("Blurred, dark or covered."), Step.SELFIE),
    Reason(
        "face_mismatch",
        Kind.RETRY,
        _("The face in your selfie does not seem to be the one on the document."),
        _("Take the selfie again, yourself, in good light. If the picture of the document is blurred, take that again too."),
        _("Faces differ by more than the upper threshold."),
        Step.SELFIE,
    ),
    Reason(
        "details_differ",
        Kind.RETRY,
        _("Name, number or date of birth are not those on the document."),
        _("Type them exactly as they are printed."),
        _("Typed details differ from the document."),
        Step.DETAILS,
    ),
)

_NOT_SHOWN = _("The recording did not show what was asked for.")

_LIVENESS = (
    Reason(
        "liveness_no_face", Kind.RETRY, _("Your face could not be seen all the time."), _LIT, _("No face in too many frames."), Step.SELFIE
    ),
    Reason(
        "liveness_several_faces",
        Kind.RETRY,
        _("There was more than one face in the recording."),
        _("Record it alone, in front of a plain wall, without posters or mirrors."),
        _("Several faces in the recording."),
        Step.SELFIE,
    ),
    Reason("liveness_too_dark", Kind.RETRY, _("The recording is too dark."), _LIT, _("Too dark to see the face."), Step.SELFIE),
    Reason(
        "liveness_interrupted",
        Kind.RETRY,
        _("The recording is not complete."),
        _("Record it again. Keep this page open and in front until it is finished."),
        _("Gaps, too few frames, or times and phases that are not those of the challenge."),
        Step.SELFIE,
    ),
    Reason(
        "liveness_not_followed", Kind.RETRY, _NOT_SHOWN, _FOLLOW, _("A movement is missing, wrong, too many, late or flat."), Step.SELFIE
    ),
    Reason("liveness_still", Kind.RETRY, _NOT_SHOWN, _FOLLOW, _("Nothing moves, or frames repeat: a still picture."), Step.SELFIE),
    Reason(
        "liveness_face_changed", Kind.RETRY, _NOT_SHOWN, _FOLLOW, _("Not one and the same face from the selfie to the end."), Step.SELFIE
    ),
    Reason("liveness_not_the_document", Kind.RETRY, _NOT_SHOWN, _FOLLOW, _("The face is not the one on the document."), Step.SELFIE),
    Reason(
        "liveness_doubtful", Kind.REVIEW, _OFFICER_LOOKS, "", _("The recording followed the challenge but something is strange: watch it.")
    ),
    Reason(
        "liveness_missing",
        Kind.REVIEW,
        _OFFICER_LOOKS,
        "",
        _("No recording: the selfie was uploaded. Make sure of the person another way."),
    ),
    Reason("liveness_virtual_camera", Kind.REVIEW, _OFFICER_LOOKS, "", _("The camera's name is that of a program that plays pictures.")),
)

_LOOK = (
    Reason("face_doubtful", Kind.REVIEW, _OFFICER_LOOKS, "", _("Faces lie between the thresholds: compare them by eye.")),
    Reason("document_several_faces", Kind.REVIEW, _OFFICER_LOOKS, "", _("Several faces on the document; the largest was compared.")),
    Reason("document_unread", Kind.REVIEW, _OFFICER_LOOKS, "", _("Name, number or a date could not be read: compare by eye.")),
    Reason("document_read_doubt", Kind.REVIEW, _OFFICER_LOOKS, "", _("What was read is not quite what was typed: compare by eye.")),
    Reason(
        "document_number_bad",
        Kind.REVIEW,
        _OFFICER_LOOKS,
        "",
        _("The printed number fails its check digit or contradicts the printed birth date or sex: misread or altered."),
    ),
    Reason(
        "document_mrz_bad",
        Kind.REVIEW,
        _OFFICER_LOOKS,
        "",
        _("The machine-readable lines fail their check digits or contradict what is printed: misread, altered, or another card's back."),
    ),
    Reason("document_too_young", Kind.REVIEW, _OFFICER_LOOKS, "", _("Under 16 by the document, whatever was typed.")),
    Reason("no_face_consent", Kind.REVIEW, _OFFICER_LOOKS, "", _("No consent to face comparison: make sure of the person in another way.")),
    Reason("number_in_use", Kind.REVIEW, _CANNOT_VERIFY, _APPEAL, _("Another account is verified with this document number.")),
    Reason("face_known", Kind.REVIEW, _OFFICER_LOOKS, "", _("The face resembles a person verified under another account.")),
    Reason("identity_changed", Kind.REVIEW, _OFFICER_LOOKS, "", _("This account was verified with another document before.")),
    Reason("rejected_before", Kind.REVIEW, _OFFICER_LOOKS, "", _("An earlier case of this account was rejected by another officer.")),
    Reason("minor", Kind.REVIEW, _OFFICER_LOOKS, "", _("Under 18: the consent of a guardian is needed.")),
    Reason(
        "appealed", Kind.REVIEW, _OFFICER_LOOKS, "", _("Appeal against the rejection by another officer: read what the applicant says.")
    ),
    Reason("retried_often", Kind.REVIEW, _OFFICER_LOOKS, "", _("The machine could not settle it in several rounds.")),
    Reason("machine_gave_up", Kind.REVIEW, _OFFICER_LOOKS, "", _("The comparison could not be finished.")),
    Reason(
        "authority_mismatch",
        Kind.REVIEW,
        _CANNOT_VERIFY,
        _APPEAL,
        _("The authority says: these details, or the face, do not belong together."),
    ),
    Reason("authority_not_found", Kind.REVIEW, _CANNOT_VERIFY, _APPEAL, _("The authority has no record of this number.")),
    Reason("authority_unavailable", Kind.REVIEW, _OFFICER_LOOKS, "", _("The authority gave no usable answer.")),
    Reason("authority_face_doubtful", Kind.REVIEW, _OFFICER_LOOKS, "", _("The authority is not sure that the face is the holder's.")),
    Reason("authority_not_asked", Kind.NOTE, "", "", _("No authority was asked about this person.")),
    Reason("document_uploaded", Kind.NOTE, "", "", _("The document picture was uploaded, not taken with the camera.")),
    Reason("selfie_uploaded", Kind.NOTE, "", "", _("The selfie was uploaded, not taken with the camera.")),
    Reason("document_back_uploaded", Kind.NOTE, "", "", _("The picture of the back was uploaded, not taken with the camera.")),
    Reason("phone_handoff", Kind.NOTE, "", "", _("Pictures were taken on a phone, over a link from the computer.")),
    Reason("region_unknown", Kind.NOTE, "", "", _("The region in the number is not in our table.")),
)

_END = (
    Reason("document_unverified", Kind.FINAL, _CANNOT_VERIFY, _APPEAL, _("Not to be verified: number in use, data contradict.")),
    Reason("document_not_genuine", Kind.FINAL, _CANNOT_VERIFY, _APPEAL, _("Signs of forgery.")),
    Reason("not_the_holder", Kind.FINAL, _("We could not verify that the document is yours."), _APPEAL, _("Applicant is not the holder.")),
    Reason(
        "under_age",
        Kind.FINAL,
        _("A person under 16 cannot be verified here: the law does not allow a live account below that age."),
        _APPEAL,
        _("Under 16."),
    ),
    Reason("guardian_missing", Kind.FINAL, _("A guardian must consent for a person under 18."), _APPEAL, _("No guardian's consent.")),
)

REASONS: dict[str, Reason] = {reason.code: reason for reason in (*_PICTURES, *_AGAIN, *_LIVENESS, *_LOOK, *_END)}


def explained(codes: Iterable[str]) -> list[Reason]:
    """Returns the entries of these codes, in their order; a code from an older catalogue is left out."""
    return [REASONS[code] for code in codes if code in REASONS]
