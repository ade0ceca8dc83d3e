"""Reading bodies strictly: UTF-8, one JSON object, every member once, nothing that could not be stored."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser

from portal.kit.errors import Invalid

MAX_BYTES = 64 * 1024


class StrictJSONParser(BaseParser):
    """`application/json` as RFC 8259 has it, an object, without doubled members, NaN and half characters."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Returns the members. Raises Invalid."""
        try:
            text = stream.read().decode("utf-8")
            members = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
            json.dumps(members, ensure_ascii=False).encode("utf-8")  # half a character has no place in UTF-8
        except (ValueError, RecursionError) as error:
            raise Invalid(_("The body is not JSON."), code="not_json") from error
        if not isinstance(members, dict):
            raise Invalid(_("The body must be a JSON object."), code="not_json")
        return members


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Invalid(_("The body names a member twice."), code="not_json")
    return members


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
