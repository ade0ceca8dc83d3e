"""`GET /api/v1/registrations`, `…/{registry_id}` and `…/{registry_id}/history`."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import paging, preconditions
from portal.api.view import ApiView, operation
from portal.kit.clock import rfc3339
from registry.api import operations, queries, services
from registry.api.serializers import RegistrationSerializer
from registry.certificates.queries import is_certified
from registry.issuing import registry_id as ids
from registry.issuing.errors import IdMalformed, PersonaUnknown
from registry.issuing.models import Registration
from registry.issuing.verdict import Ask, Status


class RegistrationView(ApiView):
    """One registration."""

    @operation(operations.GET_REGISTRATION)
    def get(self, request: Request, registry_id: str) -> Response:
        """Answers the registration as it stands now."""
        found = _found(registry_id)
        return preconditions.answer(request, shown(found, queries.standing_of([found], self.now)[found.registry_id], self.now))


class HistoryView(ApiView):
    """One registration at a moment."""

    @operation(operations.GET_HISTORY)
    def get(self, request: Request, registry_id: str) -> Response:
        """Answers what was true then, and what the gate would have answered."""
        given, platform = self.query, self.caller.platform
        ask = Ask(platform, given["activity"], given.get("purpose"), given.get("territory")) if "activity" in given else None
        found = services.look_back(
            actor=self.actor, registration=_found(registry_id), platform=platform, moment=given["at"], now=self.now, ask=ask
        )
        moments = {"at": found.moment, "since": found.since, "expires_at": found.facts.expires_at}
        return Response({**found.as_dict(ask), **{name: rfc3339(moment) for name, moment in moments.items()}})


class RegistrationsView(ApiView):
    """The registrations for the platform that asks: of others there is no list."""

    @operation(operations.LIST_REGISTRATIONS)
    def get(self, request: Request) -> Response:
        """Answers a page."""
        given = self.query
        page = paging.asked(request, self.caller, given)
        rows = queries.of_platform(self.caller.platform, handle=given.get("handle"), updated_since=given.get("updated_since"))
        wanted = Status(given["status"]) if "status" in given else None
        size = page.limit
        if wanted is not None:
            rows, size = queries.perhaps(rows, wanted, self.now), queries.LOOKED_AT
        found = paging.slice_of(rows, page, by="issued_at", size=size)
        return self._answer(request, page, found, size, wanted)

    def _answer(self, request: Request, page: paging.Asked, found: list[Registration], size: int, wanted: Status | None) -> Response:
        """Goes through the rows until the page is full. The cursor stands behind the last that was looked at."""
        items: list[Any] = []
        standing, last = queries.standing_of(found[:size], self.now), None
        for row in found[:size]:
            last = row
            item = shown(row, standing[row.registry_id], self.now)
            if wanted is None or item["status"] == wanted:
                items.append(item)
            if len(items) == page.limit:
                break
        more = last is not None and last.pk != found[-1].pk
        return paging.answer(request, items, page.behind(last.issued_at, last.pk) if more and last else None)


def _found(typed: str) -> Registration:
    canonical = ids.canonical(typed)
    if canonical is None:
        raise IdMalformed
    found = queries.find(canonical)
    if found is None:
        raise PersonaUnknown
    return found


def shown(row: Registration, standing: queries.Standing, now: datetime) -> Any:
    """Returns a registration with its links, as it is sent."""
    printed = ids.printed(row.registry_id)
    certificate = reverse("certificates:token", args=[printed]) if is_certified(row) else None
    links = {
        "self": settings.SITE_URL + reverse("registry_api:registration", args=[printed]),
        "record": f"{settings.SITE_URL}/r/{printed}/",
        "certificate": settings.SITE_URL + certificate if certificate else None,
    }
    return RegistrationSerializer({**queries.shown(row, standing, now), "links": links}).data
