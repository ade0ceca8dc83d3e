"""What the public may know of a registration: one value for the page, its JSON twin and its ETag."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from portal.accounts.models import OperatorKind
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.audit.queries import trail_of
from portal.kit.errors import NotFound
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.issuing.verdict import Facts, Status, status

FOUND_AT_MOST = 20
SHORTEST_QUERY = 2
# The events of a registration that anybody may read; who did it and why stay inside.
PUBLIC_EVENTS = (
    Event.REGISTRATION_ISSUED,
    Event.REGISTRATION_UPDATED,
    Event.REGISTRATION_REVOKED,
    Event.REGISTRATION_RETIRED,
    Event.REGISTRATION_RESTORED,
    Event.REGISTRATION_RENEWED,
    Event.TRANSFER_COMPLETED,
    Event.NATIONAL_CODE_SET,
    Event.HOLD_PLACED,
    Event.HOLD_LIFTED,
)


def find(registry_id: str) -> Registration:
    """Returns the registration of an ID as typed; raises NotFound for a malformed or unknown one."""
    canonical = ids.canonical(registry_id)
    found = Registration.objects.select_related("operator__organisation").filter(registry_id=canonical).first() if canonical else None
    if found is None:
        raise NotFound
    return found


def named(query: str) -> QuerySet[Registration]:
    """Returns the registrations whose name or handle contains the query, the newest first; none for a shorter query."""
    text = query.strip()
    if len(text) < SHORTEST_QUERY:
        return Registration.objects.none()
    by_name = Q(facts__name_zh__icontains=text) | Q(facts__name_en__icontains=text)
    return Registration.objects.filter(by_name | Q(facts__handles__icontains=text)).order_by("-issued_at")[:FOUND_AT_MOST]


def permalink(registration: Registration) -> str:
    """Returns the address that a QR code and a label carry."""
    return f"{settings.SITE_URL}/r/{ids.printed(registration.registry_id)}/"


def history(registration: Registration) -> QuerySet[Entry]:
    """Returns the public events of a registration, the newest first."""
    return trail_of(registration).filter(event__in=PUBLIC_EVENTS).order_by("-id")


def document(registration: Registration, now: datetime) -> dict[str, Any]:
    """Returns the public record: names RDAP's members where it has them (RFC 9083 §4, §5)."""
    facts = issuing.facts_of(registration)
    shown = registration.facts
    return {
        "objectClassName": "virtual human",
        "handle": ids.printed(registration.registry_id),
        "national_code": registration.national_code,
        "status": [status(facts, now).value],
        "names": {"zh": shown.get("name_zh", ""), "en": shown.get("name_en", "")},
        "description": shown.get("description", ""),
        "drive_mode": shown.get("drive_mode", ""),
        "platforms": shown.get("platforms", []),
        "handles": shown.get("handles", {}),
        "entities": [_operator(registration, facts, now)],
        "consent": _consent(facts, now),
        "events": _events(registration),
        "links": [{"rel": "self", "href": permalink(registration)}],
        "version": registration.version,
    }


def _operator(registration: Registration, facts: Facts, now: datetime) -> dict[str, Any]:
    """An organisation's name and code are public facts; a person's name never is."""
    told = {"roles": ["operator"], "class": registration.operator.kind, "verified": _verified(facts, now)}
    if registration.operator.kind != OperatorKind.ORGANISATION:
        return told
    organisation = registration.operator.organisation
    return {**told, "name": organisation.public_name, "uscc": organisation.uscc}


def _verified(facts: Facts, now: datetime) -> bool:
    return facts.operator.verified_until is not None and facts.operator.verified_until > now


def _consent(facts: Facts, now: datetime) -> str:
    """`not_needed`, `yes` or `no`; never whose."""
    if not facts.consent_needed:
        return "not_needed"
    standing = status(replace(facts, holds=frozenset()), now) is not Status.SUSPENDED
    return "yes" if standing else "no"


def _events(registration: Registration) -> list[dict[str, str]]:
    happened = [{"eventAction": entry.event, "eventDate": entry.at.isoformat()} for entry in history(registration)]
    return [*happened, {"eventAction": "expiration", "eventDate": registration.expires_at.isoformat()}]


def etag(document: dict[str, Any]) -> str:
    """Returns the strong validator of a document."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return f'"{hashlib.sha256(canonical.encode()).hexdigest()[:32]}"'
