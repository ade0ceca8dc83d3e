"""`GET /api/v1/registrations` and `GET /api/v1/registrations/{registry_id}`."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.models import Scope
from portal.api import paging, preconditions
from portal.api.operations import Operation
from portal.api.view import ApiView, operation
from registry.api import queries
from registry.api.serializers import RegistrationPageSerializer, RegistrationSerializer, RegistrationsQuery
from registry.certificates.queries import is_certified
from registry.gate.asks import MalformedId
from registry.gate.checks import PersonaUnknown
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.issuing.verdict import Facts, Status

EXAMPLE = {
    "registry_id": "VH-7K3M-9QRT-2XWA",
    "national_code": None,
    "status": "active",
    "holds": [],
    "version": 1,
    "issued_at": "2026-03-02T10:00:00.000Z",
    "updated_at": "2026-03-02T10:00:00.000Z",
    "valid_until": "2027-03-02T10:00:00.000Z",
    "name": {"zh": "小林", "en": "Lin"},
    "description": "Sells tea.",
    "drive_mode": "computed",
    "platforms": ["demo-live"],
    "handles": {"demo-live": "@lin"},
    "operator": {"class": "person", "verified": True},
    "links": {
        "self": "https://registry.example/api/v1/registrations/VH-7K3M-9QRT-2XWA",
        "record": "https://registry.example/r/VH-7K3M-9QRT-2XWA/",
        "certificate": None,
    },
}
GET_REGISTRATION = Operation(
    name="get_registration",
    tag="Registrations",
    summary="Read a registration",
    description="By its ID, in any spelling people use. The record is public; what is on it names no person.",
    scopes=(Scope.READ,),
    answer=RegistrationSerializer,
    problems=(MalformedId, PersonaUnknown),
    etag=True,
    example=EXAMPLE,
)
LIST_REGISTRATIONS = Operation(
    name="list_registrations",
    tag="Registrations",
    summary="List the registrations for your platform",
    description="The oldest first. A page may hold fewer than `limit` and yet not be the last.",
    scopes=(Scope.READ,),
    query=RegistrationsQuery,
    answer=RegistrationPageSerializer,
    paged=True,
    example={"items": [EXAMPLE], "next_cursor": None},
)


class RegistrationView(ApiView):
    """One registration."""

    @operation(GET_REGISTRATION)
    def get(self, request: Request, registry_id: str) -> Response:
        """Answers the registration as it stands now."""
        canonical = ids.canonical(registry_id)
        if canonical is None:
            raise MalformedId
        found = queries.find(canonical)
        if found is None:
            raise PersonaUnknown
        facts = queries.facts_by_id([found])[canonical]
        return preconditions.answer(request, shown(found, facts, self.now))


class RegistrationsView(ApiView):
    """The registrations for the platform that asks: of others there is no list."""

    @operation(LIST_REGISTRATIONS)
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
        facts, last = queries.facts_by_id(found[:size]), None
        for row in found[:size]:
            last = row
            item = shown(row, facts[row.registry_id], self.now)
            if wanted is None or item["status"] == wanted:
                items.append(item)
            if len(items) == page.limit:
                break
        more = last is not None and last.pk != found[-1].pk
        return paging.answer(request, items, page.behind(last.issued_at, last.pk) if more and last else None)


def shown(row: Registration, facts: Facts, now: datetime) -> Any:
    """Returns a registration with its links, as it is sent."""
    printed = ids.printed(row.registry_id)
    certificate = reverse("certificates:token", args=[printed]) if is_certified(row) else None
    links = {
        "self": settings.SITE_URL + reverse("registry_api:registration", args=[printed]),
        "record": f"{settings.SITE_URL}/r/{printed}/",
        "certificate": settings.SITE_URL + certificate if certificate else None,
    }
    return RegistrationSerializer({**queries.shown(row, facts, now), "links": links}).data
