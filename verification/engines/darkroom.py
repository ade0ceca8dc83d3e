"""The child that turns an upload into a clean picture: `python -m verification.engines.darkroom`, started by `sandbox`."""

from verification.engines import decoding, sandbox
from verification.engines.answers import Answer


def develop(_subject: str, upload: bytes) -> bytes:
    """Returns the packed answer: the clean picture, or the code of the refusal."""
    try:
        return Answer(jpeg=decoding.encoded(decoding.decoded(upload))).packed()
    except decoding.Undecodable as refusal:
        return Answer(code=refusal.code).packed()


if __name__ == "__main__":
    sandbox.serve(develop)
