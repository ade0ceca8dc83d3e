"""Recordings of movements that do not show what they should."""

from django.utils.translation import gettext_lazy as _

from verification.reasons.kinds import FOLLOW, LIT, OFFICER_LOOKS, Kind, Reason, Step

_NOT_SHOWN = _("The recording did not show what was asked for.")

LIVENESS = (
    Reason(
        "liveness_no_face", Kind.RETRY, _("Your face could not be seen all the time."), LIT, _("No face in too many frames."), Step.SELFIE
    ),
    Reason(
        "liveness_several_faces",
        Kind.RETRY,
        _("There was more than one face in the recording."),
        _("Record it alone, in front of a plain wall, without posters or mirrors."),
        _("Several faces in the recording."),
        Step.SELFIE,
    ),
    Reason("liveness_too_dark", Kind.RETRY, _("The recording is too dark."), LIT, _("Too dark to see the face."), Step.SELFIE),
    Reason(
        "liveness_interrupted",
        Kind.RETRY,
        _("The recording is not complete."),
        _("Record it again. Keep this page open and in front until it is finished."),
        _("Gaps, too few frames, or times and phases that are not those of the challenge."),
        Step.SELFIE,
    ),
    Reason(
        "liveness_not_followed", Kind.RETRY, _NOT_SHOWN, FOLLOW, _("A movement is missing, wrong, too many, late or flat."), Step.SELFIE
    ),
    Reason("liveness_still", Kind.RETRY, _NOT_SHOWN, FOLLOW, _("Nothing moves, or frames repeat: a still picture."), Step.SELFIE),
    Reason(
        "liveness_face_changed", Kind.RETRY, _NOT_SHOWN, FOLLOW, _("Not one and the same face from the selfie to the end."), Step.SELFIE
    ),
    Reason("liveness_not_the_document", Kind.RETRY, _NOT_SHOWN, FOLLOW, _("The face is not the one on the document."), Step.SELFIE),
    Reason(
        "liveness_doubtful", Kind.REVIEW, OFFICER_LOOKS, "", _("The recording followed the challenge but something is strange: watch it.")
    ),
    Reason(
        "liveness_missing",
        Kind.REVIEW,
        OFFICER_LOOKS,
        "",
        _("No recording: the selfie was uploaded. Make sure of the person another way."),
    ),
    Reason("liveness_virtual_camera", Kind.REVIEW, OFFICER_LOOKS, "", _("The camera's name is that of a program that plays pictures.")),
)
