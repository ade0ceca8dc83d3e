"""What a log may say: not the secret of a link, which Django writes down with the path of every refused request."""

import logging
import re

_SECRET = re.compile(r"(?<=/)(?![0-9a-f]{8}-[0-9a-f]{4}-)[\w:-]{32,}(?=/|$)", re.ASCII)


class WithoutTokens(logging.Filter):
    """Blanks long random parts of a path; identifiers (UUIDs) stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Returns True: the line is kept, without tokens."""
        if isinstance(record.args, tuple):
            record.args = tuple(_SECRET.sub("…", each) if isinstance(each, str) else each for each in record.args)
        return True
