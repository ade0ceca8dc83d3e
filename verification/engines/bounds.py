"""What an upload may be and what becomes of it: read by the web process and by its child, so it imports nothing of either."""

from enum import StrEnum

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST = 2400  # pixels a side of what is kept
MEDIA_TYPE = "image/jpeg"


class Subject(StrEnum):
    """What a picture should show, and so what it is judged by; a plain one is not judged."""

    DOCUMENT = "document"
    DOCUMENT_BACK = "document_back"
    SELFIE = "selfie"
    PLAIN = "plain"
