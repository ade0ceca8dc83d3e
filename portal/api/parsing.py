"""Reading bodies strictly: UTF-8, one JSON object, every member once, nothing that could not be stored."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from portal.kit.members import members_of

MAX_BYTES = 64 * 1024


class StrictJSONParser(BaseParser):
    """`application/json`, as `members_of` reads it."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Returns the members. Raises Invalid."""
        return members_of(stream.read())
