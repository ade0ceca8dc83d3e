"""The child that cleans an upload and judges it: `python -m verification.engines.lightbox`, started by `sandbox`."""

import numpy as np

from verification.engines import decoding, detector, quality, sandbox
from verification.engines.answers import Answer
from verification.engines.bounds import Subject


def examine(subject: str, upload: bytes) -> bytes:
    """Returns the packed answer: the clean picture with its problems, or the code of the refusal."""
    try:
        picture = decoding.decoded(upload)
    except decoding.Undecodable as refusal:
        return Answer(code=refusal.code).packed()
    problems = _problems(Subject(subject), np.asarray(picture))
    return Answer(problems=problems, jpeg=decoding.encoded(picture)).packed()


def _problems(subject: Subject, pixels: quality.Pixels) -> tuple[str, ...]:
    if subject is Subject.SELFIE:
        return quality.selfie(pixels, detector.reaching(pixels))
    if subject is Subject.DOCUMENT:
        return quality.document(pixels, detector.reaching(pixels))
    return quality.document_back(pixels) if subject is Subject.DOCUMENT_BACK else ()


if __name__ == "__main__":
    sandbox.serve(examine)
