"""The members of a JSON body, read so that nothing in it has two meanings."""

import json
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Invalid


def members_of(body: bytes) -> dict[str, Any]:
    """Returns the members of a JSON object in UTF-8 (RFC 8259).

    Raises Invalid `not_json` for anything else, for a member named twice, for NaN and for half a character.
    """
    try:
        members = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
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
