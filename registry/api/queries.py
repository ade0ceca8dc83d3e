"""Reading registrations for platforms."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.flags import effective
from registry.issuing.models import Prohibition, Registration, TransferState
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


@dataclass(frozen=True, slots=True)
class Standing:
    """How a registration stands: the facts of the verdict, and the effective statuses."""

    facts: Facts
    effective: tuple[str, ...]


def standing_of(rows: list[Registration], now: datetime) -> dict[str, Standing]:
    """Returns how each row stands, by canonical ID."""
    wanted = Registration.objects.filter(pk__in=[row.pk for row in rows])
    forbidden: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for canonical, side, act in Prohibition.objects.filter(registration__in=wanted, lifted_at=None).values_list(
        "registration__registry_id", "side", "act"
    ):
        forbidden[canonical].append((side, act))
    pending = wanted.filter(transfers__state=TransferState.PENDING, transfers__ends_at__gt=now)
    transferred = set(pending.values_list("registry_id", flat=True))
    return {facts.registry_id: _standing(facts, now, forbidden, transferred) for facts in issuing.facts_for(wanted)}


def _standing(facts: Facts, now: datetime, forbidden: dict[str, list[tuple[str, str]]], transferred: set[str]) -> Standing:
    canonical = facts.registry_id
    told = effective(facts, now, prohibitions=forbidden[canonical], transfer_pending=canonical in transferred)
    return Standing(facts, told)


def shown(row: Registration, standing: Standing, now: datetime) -> dict[str, Any]:
    """Returns what a platform reads of a registration: facts, the derived status, and nothing of a person."""
    said, facts = row.facts, standing.facts
    return {
        "registry_id": ids.printed(row.registry_id),
        "national_code": row.national_code,
        "status": status(facts, now).value,
        "effective": list(standing.effective),
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
