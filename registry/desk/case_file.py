"""Everything an officer needs to know of a real-name case, gathered."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from portal.access.actor import Actor
from portal.access.roles import Permission
from portal.vault.models import Erased
from registry.desk import findings, locks, wording
from registry.desk.findings import Findings
from registry.desk.rules import Lock, Text, masked
from verification import queries as verification
from verification.models import Case, Meeting
from verification.rules import age_on, meeting_needed


@dataclass(frozen=True, slots=True)
class Typed:
    """What the applicant typed, hidden where the reader has not claimed the case."""

    name: str
    number: str
    birth_date: date | None
    age: int | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A real-name case on the desk. `opened` says whether evidence is shown."""

    item: Case
    lock: Lock
    may_claim: bool
    barred: bool
    opened: bool
    typed: Typed
    likeness: wording.Likeness
    scale: str
    risks: list[tuple[str, Text]]
    decision: list[Text]
    earlier: QuerySet[Case]
    seen: Findings
    appeal: str
    ahead: Meeting | None
    held: list[Meeting]
    meeting_needed: bool


def of_case(actor: Actor, case: Case, now: datetime, *, opened: bool = False) -> CaseFile:
    """Returns the case with what is known about it; `opened` shows the evidence without a claim (the look is logged)."""
    lock = locks.lock_of(case, actor, now)
    found = wording.likeness(case.distance)
    plain = opened or lock.held
    return CaseFile(
        item=case,
        lock=lock,
        may_claim=locks.may_claim(case, actor, now),
        barred=locks.waits(case) and actor.may(Permission.DECIDE) and locks.barred(case, actor),
        opened=plain,
        typed=_typed(case, plain=plain),
        likeness=found,
        scale=wording.scale(found),
        risks=wording.risks(case.risks),
        decision=[wording.reason(code) for code in case.reasons],
        earlier=Case.objects.filter(user=case.user_id, submitted_at__lt=case.submitted_at).exclude(pk=case.pk).order_by("-submitted_at"),
        seen=findings.of_case(case, plain=plain),
        appeal=_appeal(case, plain=plain),
        ahead=verification.meeting_ahead(case),
        held=list(verification.meetings_held(case)),
        meeting_needed=meeting_needed(compared=case.distance is not None, liveness=case.liveness),
    )


def _appeal(case: Case, *, plain: bool) -> str:
    try:
        text = case.appeal or ""
    except Erased:
        return ""
    return text if plain else masked(text)


def _typed(case: Case, *, plain: bool) -> Typed:
    try:
        return _shown(case, plain=plain)
    except Erased:
        return Typed("", "", None, None)


def _shown(case: Case, *, plain: bool) -> Typed:
    born = date.fromisoformat(case.birth_date) if case.birth_date else None
    age = age_on(timezone.localdate(case.submitted_at), born) if born else None
    if plain:
        return Typed(case.full_name or "", case.document_number or "", born, age)
    return Typed(masked(case.full_name or ""), masked(case.document_number or ""), None, age)
