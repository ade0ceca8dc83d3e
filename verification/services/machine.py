"""The machine's turn: compare the faces and judge. Imported by the worker's tasks alone, as it loads dlib."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.access.actor import SYSTEM
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.transitions import move
from portal.vault import rotation
from verification import letters, queries, rules
from verification.engines import document, face
from verification.models import Case, Channel, Identity, Purpose
from verification.reasons import Step
from verification.rules import Facts, Judgement, Vector
from verification.services import outcome, person, templates
from verification.states import MOVES, CaseState

REFUSED = (CaseState.REJECTED, CaseState.REVOKED)  # what an officer ended, no machine begins again


@dataclass(frozen=True, slots=True)
class Sight:
    """What the machine saw: prominent faces in both pictures, their distance, and the selfie's template (turned)."""

    document_faces: int = 0
    selfie_faces: int = 0
    distance: float | None = None
    template: Vector | None = None


def judge_case(*, case_id: uuid.UUID, now: datetime) -> None:
    """Judges a case that waits for the machine; any other is left as it is, so that running twice changes nothing.

    The beginning is counted and committed first: a case that kills the worker goes to an officer after three of them.
    """
    if not Case.objects.filter(pk=case_id, state=CaseState.PROCESSING).update(attempts=F("attempts") + 1):
        return
    case = Case.objects.select_related("data_key", "user", "document_image__data_key", "selfie_image__data_key").get(pk=case_id)
    gave_up = case.attempts > rules.BEGINNINGS
    sight = Sight() if gave_up or not _comparable(case) else look(case)
    conclude(case_id, sight, gave_up=gave_up, now=now)


def look(case: Case) -> Sight:
    """Returns what is to be seen in the case's two pictures."""
    document_faces, selfie_faces = templates.faces_of(case.document_image), templates.faces_of(case.selfie_image)
    if not document_faces or not selfie_faces:
        return Sight(len(document_faces), len(selfie_faces))
    apart = face.compare(document_faces[0], selfie_faces[0])
    return Sight(len(document_faces), len(selfie_faces), apart, rotation.turn(selfie_faces[0].template))


@transaction.atomic
def conclude(case_id: uuid.UUID, sight: Sight, *, gave_up: bool, now: datetime) -> None:
    """Moves the case where the judgement says, unless it has moved on or the consent was taken back in between."""
    user = person.lock(Case.objects.values_list("user", flat=True).get(pk=case_id))
    case = Case.objects.select_for_update(of=("self",)).select_related("data_key", "user").get(pk=case_id)
    if case.state != CaseState.PROCESSING:
        return
    consented = Purpose.FACE in queries.consents(user.pk)
    if not consented:
        sight = Sight()
    facts = facts_of(case, sight, consented=consented, gave_up=gave_up, now=now)
    try:
        with transaction.atomic():
            _settle(case, sight, rules.judge(facts), now)
    except outcome.NumberInUse:  # verified under another account a moment ago
        case.refresh_from_db()
        _settle(case, sight, rules.judge(replace(facts, number_held=True)), now)


def facts_of(case: Case, sight: Sight, *, consented: bool, gave_up: bool, now: datetime) -> Facts:
    """Returns the facts on which the case is judged."""
    index, today = outcome.number_index(case), timezone.localdate(now)
    own = queries.identity_of(case.user_id)
    near = queries.nearest(sight.template, limit=1, exclude_user=case.user_id) if sight.template is not None else []
    channels = {Step.DOCUMENT: case.document_channel, Step.SELFIE: case.selfie_channel}
    return Facts(
        age=rules.age_on(today, case.born),
        face_consent=consented,
        document_faces=sight.document_faces,
        selfie_faces=sight.selfie_faces,
        distance=sight.distance,
        nearest_other=near[0][1] if near else None,
        number_held=Identity.objects.filter(number_index=index).exclude(user=case.user_id).exists(),
        region_known=document.read(case.document_type, case.document_number or "", today=today).region_known,
        identity_changed=own is not None and bytes(own.number_index) != index,
        rejected_before=Case.objects.filter(user=case.user_id, state__in=REFUSED).exists() or bool(own and own.revoked_at),
        uploaded=frozenset(step for step, channel in channels.items() if channel == Channel.UPLOAD),
        rounds=case.rounds,
        gave_up=gave_up,
    )


def _settle(case: Case, sight: Sight, judgement: Judgement, now: datetime) -> None:
    reasons, risks = list(judgement.reasons), list(judgement.risks)
    back = judgement.state == CaseState.RETRY
    changes: dict[str, Any] = {
        "distance": sight.distance,
        "reasons": reasons,
        "risks": risks,
        "redo": rules.steps_to_repeat(reasons),
        "rounds": case.rounds + back,
        "decided_at": None if judgement.state == CaseState.REVIEW else now,
    }
    move(case, judgement.state, MOVES, **changes)
    record(Event.CASE_JUDGED, actor=SYSTEM, subject=case, now=now, state=case.state, reasons=reasons, risks=risks)
    if judgement.state == CaseState.VERIFIED:
        identity = outcome.establish(case, now=now)
        if sight.template is not None:
            templates.keep(identity, sight.template, now=now)
    if judgement.state == CaseState.REVIEW:
        letters.tell(case, now=now)
    else:
        outcome.tell(case, actor=SYSTEM, now=now)


def _comparable(case: Case) -> bool:
    pictures = case.document_image_id is not None and case.selfie_image_id is not None
    return pictures and Purpose.FACE in queries.consents(case.user_id)
