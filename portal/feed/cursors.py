"""The cursor of the changes feed: opaque to its holder, a number to us. Not signed: it opens nothing but the holder's own feed."""

import base64
import binascii

from portal.api.errors import CursorBad

_FORM = "1."  # the version of the form


def write(sequence: int) -> str:
    """Returns the cursor that stands behind the number `sequence`."""
    return base64.urlsafe_b64encode(f"{_FORM}{sequence}".encode()).decode().rstrip("=")


def read(cursor: str) -> int:
    """Returns the number behind which the cursor stands; raises CursorBad."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise CursorBad from error
    number = text.removeprefix(_FORM)
    if not text.startswith(_FORM) or not number.isdigit() or len(number) > 18 or write(int(number)) != cursor:
        raise CursorBad
    return int(number)
