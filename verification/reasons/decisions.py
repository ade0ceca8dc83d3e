"""What an officer looks at, and what ends a case."""

from django.utils.translation import gettext_lazy as _

from verification.reasons.kinds import APPEAL, CANNOT_VERIFY, OFFICER_LOOKS, Kind, Reason

LOOK = (
    Reason("face_doubtful", Kind.REVIEW, OFFICER_LOOKS, "", _("Faces lie between the thresholds: compare them by eye.")),
    Reason("document_several_faces", Kind.REVIEW, OFFICER_LOOKS, "", _("Several faces on the document; the largest was compared.")),
    Reason("document_unread", Kind.REVIEW, OFFICER_LOOKS, "", _("Name, number or a date could not be read: compare by eye.")),
    Reason("document_read_doubt", Kind.REVIEW, OFFICER_LOOKS, "", _("What was read is not quite what was typed: compare by eye.")),
    Reason(
        "document_number_bad",
        Kind.REVIEW,
        OFFICER_LOOKS,
        "",
        _("The printed number fails its check digit or contradicts the printed birth date or sex: misread or altered."),
    ),
    Reason(
        "document_mrz_bad",
        Kind.REVIEW,
        OFFICER_LOOKS,
        "",
        _("The machine-readable lines fail their check digits or contradict what is printed: misread, altered, or another card's back."),
    ),
    Reason("document_too_young", Kind.REVIEW, OFFICER_LOOKS, "", _("Under 16 by the document, whatever was typed.")),
    Reason("no_face_consent", Kind.REVIEW, OFFICER_LOOKS, "", _("No consent to face comparison: make sure of the person in another way.")),
    Reason("number_in_use", Kind.REVIEW, CANNOT_VERIFY, APPEAL, _("Another account is verified with this document number.")),
    Reason("face_known", Kind.REVIEW, OFFICER_LOOKS, "", _("The face resembles a person verified under another account.")),
    Reason("identity_changed", Kind.REVIEW, OFFICER_LOOKS, "", _("This account was verified with another document before.")),
    Reason("rejected_before", Kind.REVIEW, OFFICER_LOOKS, "", _("An earlier case of this account was rejected by another officer.")),
    Reason("minor", Kind.REVIEW, OFFICER_LOOKS, "", _("Under 18: the consent of a guardian is needed.")),
    Reason("appealed", Kind.REVIEW, OFFICER_LOOKS, "", _("Appeal against the rejection by another officer: read what the applicant says.")),
    Reason("retried_often", Kind.REVIEW, OFFICER_LOOKS, "", _("The machine could not settle it in several rounds.")),
    Reason("machine_gave_up", Kind.REVIEW, OFFICER_LOOKS, "", _("The comparison could not be finished.")),
    Reason(
        "authority_mismatch",
        Kind.REVIEW,
        CANNOT_VERIFY,
        APPEAL,
        _("The authority says: these details, or the face, do not belong together."),
    ),
    Reason("authority_not_found", Kind.REVIEW, CANNOT_VERIFY, APPEAL, _("The authority has no record of this number.")),
    Reason("authority_unavailable", Kind.REVIEW, OFFICER_LOOKS, "", _("The authority gave no usable answer.")),
    Reason("authority_face_doubtful", Kind.REVIEW, OFFICER_LOOKS, "", _("The authority is not sure that the face is the holder's.")),
    Reason("authority_not_asked", Kind.NOTE, "", "", _("No authority was asked about this person.")),
    Reason("document_uploaded", Kind.NOTE, "", "", _("The document picture was uploaded, not taken with the camera.")),
    Reason("selfie_uploaded", Kind.NOTE, "", "", _("The selfie was uploaded, not taken with the camera.")),
    Reason("document_back_uploaded", Kind.NOTE, "", "", _("The picture of the back was uploaded, not taken with the camera.")),
    Reason("phone_handoff", Kind.NOTE, "", "", _("Pictures were taken on a phone, over a link from the computer.")),
    Reason("region_unknown", Kind.NOTE, "", "", _("The region in the number is not in our table.")),
)

END = (
    Reason("document_unverified", Kind.FINAL, CANNOT_VERIFY, APPEAL, _("Not to be verified: number in use, data contradict.")),
    Reason("document_not_genuine", Kind.FINAL, CANNOT_VERIFY, APPEAL, _("Signs of forgery.")),
    Reason("not_the_holder", Kind.FINAL, _("We could not verify that the document is yours."), APPEAL, _("Applicant is not the holder.")),
    Reason(
        "under_age",
        Kind.FINAL,
        _("A person under 16 cannot be verified here: the law does not allow a live account below that age."),
        APPEAL,
        _("Under 16."),
    ),
    Reason("guardian_missing", Kind.FINAL, _("A guardian must consent for a person under 18."), APPEAL, _("No guardian's consent.")),
)
