"""What the public may know of a registration: one value for the page, its JSON and its RDAP form."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import MemberRole, OperatorKind
from portal.kit.errors import NotFound
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.errors import IdMalformed
from registry.issuing.models import Registration
from registry.issuing.verdict import REGISTRY_ZONE, Facts, Status, status
from registry.record.history import history, moment
from verification import queries as verification


class NotRegistered(NotFound):
    """It could be an ID, and nobody has it."""

    title = _("Nobody is registered under this ID")
    help = _("The ID is well formed, and it was never issued. Whoever shows it is not registered here.")


def read(registry_id: str) -> str:
    """Returns the canonical form of an ID as typed; raises IdMalformed. Asks no database."""
    canonical = ids.canonical(registry_id)
    if canonical is None:
        raise IdMalformed
    return canonical


def find(registry_id: str) -> Registration:
    """Returns the registration of an ID as typed; raises IdMalformed or NotRegistered."""
    known = Registration.objects.select_related("operator__organisation")
    found = known.filter(registry_id=read(registry_id)).first()
    if found is None:
        raise NotRegistered
    return found


def permalink(registry_id: str) -> str:
    """Returns the address, of a printed ID, that a QR code and a label carry."""
    return f"{settings.SITE_URL}/r/{registry_id}/"


def document(registration: Registration, now: datetime) -> dict[str, Any]:
    """Returns the public record. The same moment and facts give the same document: its digest is the ETag."""
    facts = issuing.facts_of(registration)
    shown, printed = registration.facts, ids.printed(registration.registry_id)
    return {
        "objectClassName": "virtual human",
        "handle": printed,
        "national_code": registration.national_code,
        "status": [status(facts, now).value],
        "effective": list(issuing.effective_of(registration, now)),
        "names": {"zh": shown.get("name_zh", ""), "en": shown.get("name_en", "")},
        "description": shown.get("description", ""),
        "drive_mode": shown.get("drive_mode", ""),
        "platforms": shown.get("platforms", []),
        "handles": shown.get("handles", {}),
        "entities": [_operator(registration, facts, now)],
        "consent": _consent(facts, now),
        "revocation": _revocation(registration),
        "events": _events(registration),
        "links": _links(printed),
        "version": registration.version,
    }


def _operator(registration: Registration, facts: Facts, now: datetime) -> dict[str, Any]:
    """An organisation's name and code are public facts; a person's name never is."""
    verified = facts.operator.verified_until is not None and facts.operator.verified_until > now
    told = {"roles": ["operator"], "class": registration.operator.kind, "verified": verified}
    told["last_verified"] = _month(_verified_at(registration)) if verified else None
    if registration.operator.kind != OperatorKind.ORGANISATION:
        return told
    organisation = registration.operator.organisation
    return {**told, "name": organisation.public_name, "uscc": organisation.uscc}


def _verified_at(registration: Registration) -> datetime | None:
    if registration.operator.kind == OperatorKind.ORGANISATION:
        found: datetime | None = registration.operator.organisation.verified_at
        return found
    owner = registration.operator.members.filter(role=MemberRole.OWNER).values_list("user", flat=True).first()
    identity = verification.identity_of(owner) if owner else None
    return identity.confirmed_at if identity else None


def _month(at: datetime | None) -> str | None:
    """The day and the hour would tell a person's virtual humans from those of others."""
    return at.astimezone(REGISTRY_ZONE).strftime("%Y-%m") if at else None


def _consent(facts: Facts, now: datetime) -> str:
    """`not_needed`, `yes` or `no`; never whose."""
    if not facts.consent_needed:
        return "not_needed"
    standing = status(replace(facts, holds=frozenset()), now) is not Status.SUSPENDED
    return "yes" if standing else "no"


def _revocation(registration: Registration) -> dict[str, str] | None:
    """When it was revoked, and the class of the reason; the case behind it stays inside."""
    if registration.revoked_at is None:
        return None
    return {"date": moment(registration.revoked_at), "reason": registration.revoked_reason}


def _events(registration: Registration) -> list[dict[str, str]]:
    happened = [{"eventAction": entry.event, "eventDate": moment(entry.at)} for entry in history(registration)]
    return [*happened, {"eventAction": "expiration", "eventDate": moment(registration.expires_at)}]


def _links(printed: str) -> list[dict[str, str]]:
    page = permalink(printed)
    return [
        {"rel": "self", "href": page, "type": "text/html"},
        {"rel": "alternate", "href": f"{settings.SITE_URL}/r/{printed}.json", "type": "application/json"},
        {"rel": "icon", "href": f"{settings.SITE_URL}/badge/{printed}.svg", "type": "image/svg+xml"},
    ]
