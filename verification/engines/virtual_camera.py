"""Cameras that are programs. A name proves nothing (it can be changed), so it only sends a case to an officer."""

import re

# Makers' own names for their devices, as browsers show them in MediaStreamTrack.label.
_NAMES = re.compile(
    r"\bobs\b|virtual ?cam|manycam|snap camera|droidcam|xsplit|vcam|mmhmm|\bcamo\b|splitcam|youcam|iriun|epoccam|ivcam|e2esoft"
    r"|chromacam|prism live|webcamoid|v4l2loopback|dummy video|loopback|newtek ndi|\bndi\b|unity video capture|animaze|facerig"
    r"|vtube ?studio|deepfacelive|sparkocam|webcammax|altercam|cyberlink|ffmpeg|akvcam|softcam|虚拟",
    re.IGNORECASE,
)


def virtual_camera(label: str) -> bool:
    """Returns whether a camera's label is that of a program which shows what it likes."""
    return _NAMES.search(label[:200].replace("_", " ").replace("-", " ")) is not None
