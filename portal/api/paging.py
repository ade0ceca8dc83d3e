"""Lists in pages: a cursor says behind which row the next page begins. No counts, and nothing is skipped or shown twice.

A cursor is signed for its platform and its question (path, filters); anywhere else it cannot be read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.callers import Caller
from portal.api.errors import CursorBad

M = TypeVar("M", bound=Model)
_SALT = "portal.api.cursor"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page: of how many rows, behind which cursor, of which question."""

    limit: int
    cursor: str | None
    binding: str

    def place(self) -> tuple[datetime, str] | None:
        """Returns the moment and the identifier behind which the page begins; None at the beginning. Raises CursorBad."""
        if self.cursor is None:
            return None
        try:
            at, identifier = signing.loads(self.cursor, salt=self.binding)
            moment = parse_datetime(at)
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise CursorBad from error
        if moment is None:
            raise CursorBad
        return moment, identifier

    def behind(self, at: datetime, identifier: object) -> str:
        """Returns the cursor that stands behind a row."""
        return signing.dumps([at.isoformat(), str(identifier)], salt=self.binding)


def asked(request: Request, caller: Caller, given: dict[str, Any]) -> Asked:
    """Returns which page is asked for; every parameter but `limit` and `cursor` belongs to the question."""
    question = sorted((name, value) for name, value in request.query_params.items() if name not in ("cursor", "limit"))
    binding = urlencode([("platform", str(caller.platform_id)), ("in", caller.environment.value), ("path", request.path), *question])
    return Asked(given["limit"], given.get("cursor"), f"{_SALT}?{binding}")


def slice_of(rows: QuerySet[M], page: Asked, *, by: str, newest_first: bool = False, size: int | None = None) -> list[M]:
    """Returns the rows of a page in the order of the moment `by`, and one more if there are more."""
    place, sign = page.place(), "-" if newest_first else ""
    if place is not None:
        beyond = "lt" if newest_first else "gt"
        rows = rows.filter(Q(**{f"{by}__{beyond}": place[0]}) | Q(**{by: place[0], f"pk__{beyond}": place[1]}))
    return list(rows.order_by(f"{sign}{by}", f"{sign}pk")[: (size or page.limit) + 1])


def answer(request: Request, items: Sequence[Any], following: str | None) -> Response:
    """Returns a page: its items and the cursor of the next one, which stands in `Link` too (RFC 8288)."""
    response = Response({"items": list(items), "next_cursor": following})
    links = [(_address(request, following), "next")] if following else []
    response["Link"] = ", ".join(f'<{href}>; rel="{rel}"' for href, rel in [*links, (_address(request, None), "first")])
    return response


def _address(request: Request, cursor: str | None) -> str:
    query = {name: value for name, value in request.query_params.items() if name != "cursor"}
    text = urlencode(query | ({"cursor": cursor} if cursor else {}))
    return request.build_absolute_uri(request.path) + (f"?{text}" if text else "")


def page_of(
    request: Request, rows: QuerySet[M], page: Asked, *, by: str, shown: Callable[[M], Any], newest_first: bool = False
) -> Response:
    """Returns one page of `rows`, each as `shown` makes it."""
    found = slice_of(rows, page, by=by, newest_first=newest_first)
    kept = found[: page.limit]
    following = page.behind(getattr(kept[-1], by), kept[-1].pk) if len(found) > page.limit else None
    return answer(request, [shown(row) for row in kept], following)
