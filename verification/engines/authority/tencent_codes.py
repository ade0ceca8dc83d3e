"""Tencent Cloud FaceID 2018-03-01: its result codes and what its similarity is worth.

Sources: IdCardVerification (tencentcloud.com/document/api/1061/79049), ImageRecognition (cloud.tencent.com/document/api/1007/31820),
ImageRecognitionV2 (…/1007/102203), and the error codes of tencentcloud-sdk-python-faceid 3.1.179.
"""

from dataclasses import dataclass

from verification.engines.authority.answers import LATER, MATCH, MISMATCH, NEVER, NOT_FOUND, Meaning


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From `same` on, two faces are one person; from `doubt` on, an officer compares them."""

    same: float
    doubt: float


# False match rates as published: of the first interface 80 ⇒ 1:10,000 and 70 ⇒ 1:1,000, of the second 70 ⇒ 1:10,000, fixed.
# Both pass at 1:10,000; where nothing is published for a lower score there is no band of doubt.
FACE_ACTIONS = {"ImageRecognition": Thresholds(same=80, doubt=70), "ImageRecognitionV2": Thresholds(same=70, doubt=70)}

NAME_AND_NUMBER: dict[str, Meaning] = {
    "0": MATCH,
    "-1": MISMATCH,
    "-2": NEVER,  # the number's form is wrong
    "-3": NEVER,  # the name's form is wrong; names with a middle dot meet this
    "-4": LATER,  # their register failed
    "-5": NOT_FOUND,
    "-6": LATER,  # their register is being upgraded
    "-7": NEVER,  # this person was asked about too often today
}

_FAILED: dict[str, Meaning] = {
    "IdNameMisMatch": MISMATCH,
    "CompareLowSimilarity": MISMATCH,
    "LifePhotoDetectFake": MISMATCH,
    "IdNoExistSystem": NOT_FOUND,
    **dict.fromkeys(("IdFormatError", "NameFormatError", "IdPhotoNoExist", "IdPhotoPoorQuality"), NEVER),
    **dict.fromkeys(("LifePhotoDetectFaces", "LifePhotoDetectNoFaces", "LifePhotoPoorQuality", "LifePhotoSizeError"), NEVER),
    **dict.fromkeys(("ImageBlur", "ImageDecodeFailed", "ImageSizeTooLarge", "EmptyImageError", "PoorImageQuality"), NEVER),
    **dict.fromkeys(("CoveredFace", "IncompleteFace", "IdentityAuthLimitExceeded", "RequestLimitExceeded"), NEVER),
}
FACE: dict[str, Meaning] = {"Success": MATCH, **{f"FailedOperation.{name}": meaning for name, meaning in _FAILED.items()}}

# The first part of error codes that blame the request itself. All others (AuthFailure, UnauthorizedOperation,
# RequestLimitExceeded, InternalError, ResourceUnavailable …) blame the account, the hour or the service.
_OURS = ("InvalidParameter", "InvalidParameterValue", "MissingParameter", "UnknownParameter", "UnsupportedOperation", "InvalidAction")


def error(code: object) -> Meaning:
    """Returns what the code of a `Response.Error` means; an unknown one is worth another try."""
    if not isinstance(code, str) or code == "Success":
        return LATER
    return FACE.get(code) or (NEVER if code.split(".", 1)[0] in _OURS else LATER)
