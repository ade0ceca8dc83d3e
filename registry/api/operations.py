"""What platforms may ask of the registry, as the API declares it."""

from portal.accounts.models import Scope
from portal.api.operations import Operation
from registry.api.serializers import (
    HistoryQuery,
    PastSerializer,
    RegistrationPageSerializer,
    RegistrationSerializer,
    RegistrationsQuery,
)
from registry.issuing.errors import IdMalformed, PersonaUnknown
from registry.issuing.history import NotYetRegistered

EXAMPLE = {
    "registry_id": "VH-7K3M-9QRT-2XWA",
    "national_code": None,
    "status": "active",
    "effective": ["active"],
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
    problems=(IdMalformed, PersonaUnknown),
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
GET_HISTORY = Operation(
    name="get_registration_history",
    tag="Registrations",
    summary="What was true at a moment?",
    description="Of a registration that is, or then was, for your platform. That you asked is written down.",
    scopes=(Scope.HISTORY,),
    query=HistoryQuery,
    answer=PastSerializer,
    problems=(IdMalformed, PersonaUnknown, NotYetRegistered),
)
