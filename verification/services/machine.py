"""The machine's turn: look, ask the authority, and judge. Imported by the worker's tasks alone, as it loads the engines."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from portal.access.actor import SYSTEM
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.transitions import move
from verification import letters, queries, rules
from verification.engines import document
from verification.engines.authority import rules as authority
from verification.engines.authority.protocol import Answer
from verification.models import Case, Channel, Identity, Purpose
from verification.rules import Facts, Judgement
from verification.services import asking, outcome, person, sight, templates
from verification.services.sight import Sight
from verification.states import MOVES, CaseState

PICTURES = tuple(f"{name}__data_key" for name in ("document_image", "document_back_image", "selfie_image", "recording"))
REFUSED = (CaseState.REJECTED, CaseState.REVOKED)  # what an officer ended, no machine begins again


def judge_case(*, case_id: uuid.UUID, now: datetime) -> None:
    """Judges a case that waits for the machine; any other is left as it is, so that running twice changes nothing.

    The beginning is counted and committed first: a case that kills the worker goes to an officer after three of them.
    """
    waiting = Case.objects.filter(waits(now), pk=case_id)
    if not waiting.update(attempts=F("attempts") + 1):
        return
    case = Case.objects.select_related("data_key", "user", "challenge", *PICTURES).get(pk=case_id)
    gave_up = case.attempts > rules.BEGINNINGS
    consented = Purpose.FACE in queries.consents(case.user_id)
    seen = Sight() if gave_up else sight.look(case, face_consent=consented, today=timezone.localdate(now))
    answer = None if gave_up else asking.answer(case, seen)
    if answer and asking.wait(case, answer, now=now):
        return
    conclude(case_id, seen, answer, gave_up=gave_up, now=now)


def waits(now: datetime) -> Q:
    """Returns the condition under which a case waits for the machine."""
    return Q(state=CaseState.PROCESSING) & (Q(waits_until=None) | Q(waits_until__lte=now))


@transaction.atomic
def conclude(case_id: uuid.UUID, seen: Sight, answer: Answer | None = None, *, gave_up: bool, now: datetime) -> None:
    """Moves the case where the judgement says, unless it has moved on or the consent was taken back in between."""
    user = person.lock(Case.objects.values_list("user", flat=True).get(pk=case_id))
    case = Case.objects.select_for_update(of=("self",)).select_related("data_key", "user").get(pk=case_id)
    if case.state != CaseState.PROCESSING:
        return
    consented = Purpose.FACE in queries.consents(user.pk)
    if not consented:
        seen = seen.without_face()
    facts = facts_of(case, seen, answer, consented=consented, gave_up=gave_up, now=now)
    heard = {"authority": str(answer.outcome), "authority_reference": answer.reference[:80]} if answer else {}
    try:
        with transaction.atomic():
            _settle(case, seen, rules.judge(facts), heard, now)
    except outcome.NumberInUse:  # verified under another account a moment ago
        case.refresh_from_db()
        _settle(case, seen, rules.judge(replace(facts, number_held=True)), heard, now)


def facts_of(case: Case, seen: Sight, answer: Answer | None, *, consented: bool, gave_up: bool, now: datetime) -> Facts:
    """Returns the facts on which the case is judged."""
    index, today = outcome.number_index(case), timezone.localdate(now)
    own = queries.identity_of(case.user_id)
    near = queries.nearest(seen.template, limit=1, exclude_user=case.user_id) if seen.template is not None else []
    channels = {step: getattr(case, f"{step}_channel") for step in queries.PICTURES}
    return Facts(
        age=rules.age_on(today, case.born),
        face_consent=consented,
        document_faces=seen.document_faces,
        selfie_faces=seen.selfie_faces,
        distance=seen.distance,
        nearest_other=near[0][1] if near else None,
        found=(*seen.found, *(authority.reasons(answer) if asking.asks() else ())),
        quality=tuple(case.quality),
        phone=case.handoffs.filter(opened_at__isnull=False).exists(),
        number_held=Identity.objects.filter(number_index=index).exclude(user=case.user_id).exists(),
        region_known=document.read(case.document_type, case.document_number or "", today=today).region_known,
        identity_changed=own is not None and bytes(own.number_index) != index,
        rejected_before=Case.objects.filter(user=case.user_id, state__in=REFUSED).exists() or bool(own and own.revoked_at),
        uploaded=frozenset(step for step, channel in channels.items() if channel == Channel.UPLOAD),
        rounds=case.rounds,
        gave_up=gave_up,
    )


def _settle(case: Case, seen: Sight, judgement: Judgement, heard: dict[str, Any], now: datetime) -> None:
    reasons, risks = list(judgement.reasons), list(judgement.risks)
    back = judgement.state == CaseState.RETRY
    changes: dict[str, Any] = {
        "distance": seen.distance,
        "liveness": seen.liveness,
        "reasons": reasons,
        "risks": risks,
        "redo": rules.steps_to_repeat(reasons, seen.repeat) if back else [],
        "rounds": case.rounds + back,
        "waits_until": None,
        "decided_at": None if judgement.state == CaseState.REVIEW else now,
    }
    move(case, judgement.state, MOVES, **changes, **heard)
    case.findings = sight.stored(seen.findings)
    case.save(update_fields=["findings"])
    record(Event.CASE_JUDGED, actor=SYSTEM, subject=case, now=now, state=case.state, reasons=reasons, risks=risks)
    if judgement.state == CaseState.VERIFIED:
        identity = outcome.establish(case, now=now)
        if seen.template is not None:
            templates.keep(identity, seen.template, now=now)
    if judgement.state == CaseState.REVIEW:
        letters.tell(case, now=now)
    else:
        outcome.tell(case, actor=SYSTEM, now=now)
