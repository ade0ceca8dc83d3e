"""The machine's turn: compare the fresh selfie with the kept template. Imported by the worker's tasks alone: it loads dlib."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from portal.access.actor import SYSTEM
from portal.audit.events import Event
from portal.audit.services import record
from portal.keeping.services import held
from portal.kit.transitions import move
from portal.vault import files, rotation
from portal.vault.models import SealedFile
from verification import queries as verification
from verification import rules as limits
from verification.models import Channel, Identity
from verification.renewals import keeping, letters, queries, rules
from verification.renewals.confirming import renew
from verification.renewals.models import Renewal
from verification.renewals.rules import Facts, Way
from verification.renewals.states import MOVES, RenewalState
from verification.rules import Vector
from verification.services import person, sight, templates

KEYS = tuple(f"{name}__data_key" for name in keeping.PICTURES)


@dataclass(frozen=True, slots=True)
class Sight:
    """What the machine saw: the prominent faces, the largest one's template, turned, and the movements."""

    faces: int = 0
    template: Vector | None = None
    liveness: str = ""
    found: tuple[str, ...] = ()


def judge(*, renewal_id: uuid.UUID, now: datetime) -> None:
    """Judges a selfie that waits; any other is left as it is, so that running twice changes nothing.

    The beginning is counted and committed first: a picture that kills the worker goes to an officer after three of them.
    """
    if not Renewal.objects.filter(pk=renewal_id, state=RenewalState.WAITING).update(attempts=F("attempts") + 1):
        return
    row = Renewal.objects.select_related("challenge", *KEYS).get(pk=renewal_id)
    gave_up = row.attempts > limits.BEGINNINGS
    seen = Sight() if gave_up else look(row)
    for file in conclude(renewal_id, seen, gave_up=gave_up, now=now):
        files.erase_file(file, now=now)


def look(row: Renewal) -> Sight:
    """Returns what is to be seen in the selfie and in the recording, whose frames are compared with this selfie."""
    faces = templates.faces_of(row.picture)
    plain = faces[0].template if faces else None
    moved = sight.watch(row, plain)
    turned = None if plain is None else rotation.turn(plain)
    return Sight(len(faces), turned, str(moved.state), moved.codes) if moved else Sight(len(faces), turned)


@transaction.atomic
def conclude(renewal_id: uuid.UUID, seen: Sight, *, gave_up: bool, now: datetime) -> list[SealedFile]:
    """Moves the row where the judgement says and returns the pictures that nobody needs any more.

    A consent taken back, or an identity or a template gone in between, cancels it.
    """
    person.lock(Renewal.objects.values_list("user", flat=True).get(pk=renewal_id))
    row = Renewal.objects.select_for_update(of=("self",)).select_related("user", *KEYS).get(pk=renewal_id)
    if row.state != RenewalState.WAITING:
        return []
    identity = queries.standing(row.user_id, now)
    if identity is None or queries.way_of(identity) is not Way.SELFIE:
        return _dropped(move(row, RenewalState.CANCELLED, MOVES, decided_at=now))
    facts = facts_of(row, seen, gave_up=gave_up, now=now)
    judgement = rules.judge(facts)
    review = judgement.state == RenewalState.REVIEW
    found: dict[str, Any] = {"distance": facts.distance, "reasons": list(judgement.reasons), "risks": list(judgement.risks)}
    found["liveness"] = facts.liveness
    move(row, judgement.state, MOVES, decided_at=None if review else now, **found)
    _tell(row, identity, now)
    return [] if review else _dropped(row)


def facts_of(row: Renewal, seen: Sight, *, gave_up: bool, now: datetime) -> Facts:
    """Returns the facts on which the selfie is judged."""
    kept = verification.template_of(row.user_id)
    comparable = kept is not None and seen.template is not None
    recent = Renewal.objects.filter(user=row.user_id, state=RenewalState.RETRY, submitted_at__gt=now - limits.WINDOW)
    return Facts(
        faces=seen.faces,
        distance=limits.distance(kept, seen.template) if comparable else None,  # type: ignore[arg-type]  # both are there
        uploaded=row.channel == Channel.UPLOAD,
        liveness=seen.liveness,
        found=(*seen.found, *row.risks),  # what was noted when it was sent
        rounds=sum(rules.grave(reasons) for reasons in recent.values_list("reasons", flat=True)),
        gave_up=gave_up,
    )


def _tell(row: Renewal, identity: Identity, now: datetime) -> None:
    record(Event.RENEWAL_JUDGED, actor=SYSTEM, subject=row, now=now, state=row.state, reasons=row.reasons, risks=row.risks)
    if row.state == RenewalState.CONFIRMED:
        renew(identity, row, actor=SYSTEM, now=now)
    letters.tell(row, now=now)


def _dropped(row: Renewal) -> list[SealedFile]:
    """Nobody looks at them any more; a legal hold leaves them to the clock."""
    return [] if held(row.user_id) else keeping.let_go([row])
