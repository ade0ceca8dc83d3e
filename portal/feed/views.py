"""`GET /api/v1/changes`: what a platform missed, complete and in order."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.models import Scope
from portal.api import preconditions
from portal.api.errors import CursorBad
from portal.api.operations import Operation
from portal.api.serializers import Strict
from portal.api.view import ApiView, operation
from portal.feed import cursors, queries
from portal.feed.models import Change
from portal.feed.queries import CursorGone
from portal.feed.reference import EventSerializer

DEFAULT_LIMIT, MOST = 100, 500
EXAMPLE = {
    "id": "msg_2c1f0a1e6d3b4a539a551f0a6a1b2c3d",
    "type": "persona.suspended",
    "timestamp": "2026-03-02T10:00:00.000Z",
    "data": {"registry_id": "VH-7K3M-9QRT-2XWA", "status": "suspended", "sequence": 42},
}


class ChangesQuery(Strict):
    """How much of the feed, and behind which place."""

    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=DEFAULT_LIMIT, help_text="How many changes at most.")
    cursor = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="`cursor` of the answer before, unchanged; none begins the feed."
    )


class ChangeSerializer(EventSerializer):
    """A public event in your feed."""

    id = serializers.CharField(help_text="The same as `webhook-id`.")


class ChangesSerializer(serializers.Serializer[Any]):
    """A part of the feed. Keep the cursor, also of an empty answer, and ask behind it next time."""

    changes = ChangeSerializer(many=True)
    cursor = serializers.CharField()
    has_more = serializers.BooleanField()


LIST_CHANGES = Operation(
    name="list_changes",
    tag="Events",
    summary="Read what changed",
    description="Complete and in order; what your webhooks missed is here. Changes are kept for 90 days.",
    scopes=(Scope.READ,),
    query=ChangesQuery,
    answer=ChangesSerializer,
    problems=(CursorBad, CursorGone),
    etag=True,
    example={"changes": [EXAMPLE], "cursor": "MS40Mg", "has_more": False},
)


class ChangesView(ApiView):
    """The platform's own feed."""

    @operation(LIST_CHANGES)
    def get(self, request: Request) -> Response:
        """Answers a page; 410 for a cursor behind which something is kept no longer."""
        limit, cursor = self.query["limit"], self.query.get("cursor")
        head = queries.head_of(self.caller.platform)
        place = head.erased if cursor is None else cursors.read(cursor)
        if place > head.last:
            raise CursorBad
        if place < head.erased:
            raise CursorGone
        found = queries.after(self.caller.platform, place, limit=limit + 1)
        return _page(request, found[:limit], place, limit, more=len(found) > limit)


def _page(request: Request, found: list[Change], place: int, limit: int, *, more: bool) -> Response:
    cursor = cursors.write(found[-1].sequence if found else place)
    shown = [{"id": queries.identifier(each.event), **queries.told(each)} for each in found]
    response = preconditions.answer(request, {"changes": shown, "cursor": cursor, "has_more": more})
    if more:
        response["Link"] = f'<{request.build_absolute_uri(reverse("feed:changes"))}?cursor={cursor}&limit={limit}>; rel="next"'
    return response
