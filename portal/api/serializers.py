"""The pieces of which questions and answers are made: strict where we read, exact where we write."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.api.errors import invalid
from portal.kit.clock import rfc3339

DEFAULT_LIMIT, MOST = 50, 100
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.DateTimeField):
    """A moment by RFC 3339: taken with any offset, never without one; given in UTC with its `Z`."""

    def to_internal_value(self, value: Any) -> Any:
        """Raises ValidationError for anything that leaves the offset to be guessed."""
        if not isinstance(value, str) or not _RFC3339.fullmatch(value):
            raise serializers.ValidationError(_("Send a moment with its offset, such as 2026-03-02T10:00:00Z."))
        return super().to_internal_value(value.upper())

    def to_representation(self, value: Any) -> str:
        """Returns the moment to the millisecond."""
        return rfc3339(value)


class Strict(serializers.Serializer[Any]):
    """A question. A member that we do not know is refused, never passed over: it may be a typing error in one that we do."""

    def to_internal_value(self, data: Any) -> Any:
        """Raises ValidationError that names every member that cannot be used."""
        unknown = {name: [_("There is no such member.")] for name in data if name not in self.fields}
        if unknown:
            raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class NoMembers(Strict):
    """A question without members."""


class PageQuery(Strict):
    """Which page of a list."""

    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=DEFAULT_LIMIT, help_text="How many items at most.")
    cursor = serializers.CharField(
        max_length=1024, required=False, help_text="`next_cursor` of the page before, unchanged; none begins at the first item."
    )


class ProblemErrorSerializer(serializers.Serializer[Any]):
    """One member that cannot be used."""

    pointer = serializers.CharField(help_text="JSON Pointer to the member or parameter.")
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """An error by RFC 9457. `code` is stable; the texts are for people, in the language of Accept-Language."""

    type = serializers.CharField(help_text="`urn:vhr:problem:` and the code, or a registered problem type.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    documentation = serializers.URLField(required=False, help_text="Where the code is explained, for people.")
    instance = serializers.CharField(required=False)
    request_id = serializers.CharField(required=False, help_text="The X-Request-ID of this answer; tell us when you ask for help.")
    errors = ProblemErrorSerializer(many=True, required=False)  # type: ignore[assignment]  # a member of this name


def parameters(query: QueryDict, form: type[Strict]) -> dict[str, Any]:
    """Returns the parameters of the address. Raises Invalid for one that is unknown, doubled or wrong."""
    names = form().fields
    wrong: dict[str, Any] = {name: _("There is no such parameter.") for name in query if name not in names}
    wrong |= {name: _("Send it once.") for name in query if len(query.getlist(name)) > 1}
    asked = form(data={name: query[name] for name in query if name not in wrong})
    if not asked.is_valid():
        wrong |= {name: text for name, text in asked.errors.items() if name not in wrong}
    if wrong:
        raise invalid(wrong, code="parameters_invalid")
    found: dict[str, Any] = asked.validated_data
    return found


def members(body: Any, form: type[Strict], *, partial: bool = False) -> dict[str, Any]:
    """Returns the members of a body. Raises Invalid for one that is unknown, missing or wrong."""
    given = form(data=body if isinstance(body, Mapping) else {}, partial=partial)
    if not given.is_valid():
        raise invalid(given.errors)
    found: dict[str, Any] = given.validated_data
    return found
