"""Everything an officer needs to know of an organisation, gathered."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.roles import Permission
from portal.vault.models import Erased
from registry.desk import locks, wording
from registry.desk.rules import Lock, Text, masked
from verification import queries as verification
from verification.organisations import queries
from verification.organisations.models import Organisation
from verification.rules import Standing


@dataclass(frozen=True, slots=True)
class OrganisationFile:
    """An organisation on the desk. `opened` says whether names and pictures are shown."""

    item: Organisation
    lock: Lock
    may_claim: bool
    barred: bool
    opened: bool
    representative: str
    filer: Standing
    filer_name: str
    verified: bool
    may_revoke: bool
    decision: list[Text]
    others: QuerySet[Organisation]


def of_organisation(actor: Actor, item: Organisation, now: datetime, *, opened: bool = False) -> OrganisationFile:
    """Returns the organisation with what is known about it; `opened` shows the evidence without a claim (the look is logged)."""
    lock = locks.lock_of(item, actor, now)
    plain, verified = opened or lock.held, queries.is_verified(item, now)
    return OrganisationFile(
        item=item,
        lock=lock,
        may_claim=locks.may_claim(item, actor, now),
        barred=locks.waits(item) and actor.may(Permission.DECIDE) and locks.barred(item, actor),
        opened=plain,
        representative=_shown(item.representative or "", plain),
        filer=verification.standing(item.filed_by_id, now),
        filer_name=_shown(_name_of(item), plain),
        verified=verified,
        may_revoke=verified and actor.may(Permission.REVOKE),
        decision=[wording.reason(code) for code in item.reasons],
        others=queries.decidable_by(actor).filter(uscc=item.uscc).exclude(pk=item.pk).order_by("-submitted_at"),
    )


def _name_of(item: Organisation) -> str:
    """The filer's name as their identity was verified: the mandate letter must bear it."""
    identity = verification.identity_of(item.filed_by_id)
    try:
        return identity.full_name or "" if identity and not identity.revoked_at else ""
    except Erased:
        return ""


def _shown(name: str, plain: bool) -> str:
    return name if plain else masked(name)
