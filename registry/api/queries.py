"""Reading registrations for platforms."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.issuing.verdict import Facts, Status, status

LOOKED_AT = 200  # rows of which a page is chosen at most: a status is derived, not stored


def find(canonical: str) -> Registration | None:
    """Returns the registration of a canonical ID, None if there is none."""
    return Registration.objects.select_related("operator__organisation").filter(registry_id=canonical).first()


def of_platform(platform: str, *, handle: str | None = None, updated_since: datetime | None = None) -> QuerySet[Registration]:
    """Returns the registrations for a platform; of one handle there, or changed at or after a moment."""
    rows = Registration.objects.select_related("operator__organisation").filter(facts__platforms__contains=[platform])
    if handle is not None:
        rows = rows.filter(facts__handles__contains={platform: handle})
    return rows if updated_since is None else rows.filter(changed_at__gte=updated_since)


def perhaps(rows: QuerySet[Registration], wanted: Status, now: datetime) -> QuerySet[Registration]:
    """Returns those that can have the status, by the dates that are stored; holds and licences are looked at row by row."""
    revoked, retired, expired = Q(revoked_at__lte=now), Q(retired_at__lte=now), Q(expires_at__lte=now)
    if wanted is Status.REVOKED:
        return rows.filter(revoked)
    if wanted is Status.RETIRED:
        return rows.filter(retired).exclude(revoked)
    rows = rows.exclude(revoked).exclude(retired)
    return rows.filter(expired) if wanted is Status.EXPIRED else rows.exclude(expired)


def facts_by_id(rows: list[Registration]) -> dict[str, Facts]:
    """Returns the facts of the verdict for each row, by canonical ID."""
    found = issuing.facts_for(Registration.objects.filter(pk__in=[row.pk for row in rows]))
    return {facts.registry_id: facts for facts in found}


def shown(row: Registration, facts: Facts, now: datetime) -> dict[str, Any]:
    """Returns what a platform reads of a registration: facts, the derived status, and nothing of a person."""
    said = row.facts
    return {
        "registry_id": ids.printed(row.registry_id),
        "national_code": row.national_code,
        "status": status(facts, now).value,
        "holds": sorted(facts.holds),
        "version": row.version,
        "issued_at": row.issued_at,
        "updated_at": row.changed_at,
        "valid_until": row.expires_at,
        "name": {"zh": said.get("name_zh", ""), "en": said.get("name_en", "")},
        "description": said.get("description", ""),
        "drive_mode": said.get("drive_mode", ""),
        "platforms": sorted(said.get("platforms", [])),
        "handles": said.get("handles", {}),
        "operator": {"class": row.operator.kind, "verified": bool(facts.operator.verified_until and facts.operator.verified_until > now)},
    }
