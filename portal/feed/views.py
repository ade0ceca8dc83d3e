"""`GET /api/v1/changes`: what a platform missed, complete and in order."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.feed import cursors, queries
from portal.feed.door import reader
from portal.feed.models import Change
from portal.kit import clock
from portal.kit.errors import Invalid

DEFAULT_LIMIT, MOST = 100, 500
KNOWN = {"cursor", "limit"}


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Answers a page of the platform's feed; 410 for a cursor behind which something is kept no longer."""
    platform = reader(request, clock.now()).platform
    limit, place = _asked(request.GET)
    head = queries.head_of(platform)
    if place is None:
        place = head.erased
    if place > head.last:
        raise cursors.CursorBad
    if place < head.erased:
        raise queries.CursorGone
    found = queries.after(platform, place, limit=limit + 1)
    return _page(request, found[:limit], place, limit, more=len(found) > limit)


def _asked(query: QueryDict) -> tuple[int, int | None]:
    """Returns the limit and the number of the cursor; a parameter we do not know, or twice, is refused, never passed over."""
    errors: dict[str, Any] = {name: _("There is no such parameter.") for name in query if name not in KNOWN}
    errors |= {name: _("Send it once.") for name in KNOWN if len(query.getlist(name)) > 1}
    limit, cursor = query.get("limit", str(DEFAULT_LIMIT)), query.get("cursor")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 5 and 1 <= int(limit) <= MOST):
        errors["limit"] = _("Send a whole number from 1 to %(most)s.") % {"most": MOST}
    if errors:
        raise Invalid(code="parameters_invalid", errors=errors)
    return int(limit), None if cursor is None else cursors.read(cursor)


def _page(request: HttpRequest, found: list[Change], place: int, limit: int, *, more: bool) -> HttpResponse:
    cursor = cursors.write(found[-1].sequence if found else place)
    shown = [{"id": queries.identifier(each.event), **queries.told(each)} for each in found]
    body = json.dumps({"changes": shown, "cursor": cursor, "has_more": more}, ensure_ascii=False)
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    whole = HttpResponse(body, content_type="application/json", headers={"ETag": etag})
    response = get_conditional_response(request, etag=etag, response=whole) or whole
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Authorization"
    if more:
        response["Link"] = f'<{request.build_absolute_uri(reverse("feed:changes"))}?cursor={cursor}&limit={limit}>; rel="next"'
    return response
