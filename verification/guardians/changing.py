"""What every change of a guardianship leaves behind: the receipt, and the message that the minor's standing may have changed."""

from datetime import datetime
from typing import Any

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.transitions import move
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from verification.guardians.models import Guardianship
from verification.guardians.states import MOVES, GuardianState

EVENTS = {
    GuardianState.OPENED: Event.GUARDIAN_OPENED,
    GuardianState.GRANTED: Event.GUARDIAN_GRANTED,
    GuardianState.CONFIRMED: Event.GUARDIAN_CONFIRMED,
    GuardianState.REFUSED: Event.GUARDIAN_REFUSED,
    GuardianState.DECLINED: Event.GUARDIAN_DECLINED,
    GuardianState.WITHDRAWN: Event.GUARDIAN_WITHDRAWN,
    GuardianState.TAKEN_BACK: Event.GUARDIAN_TAKEN_BACK,
    GuardianState.LAPSED: Event.GUARDIAN_LAPSED,
}


def change(row: Guardianship, state: GuardianState, *, actor: Actor, now: datetime, **changes: Any) -> Guardianship:
    """Returns the row in its new state: move, receipt, message. Raises Conflict for an illegal or a raced move.

    Runs in the caller's transaction.
    """
    counted = row.state == GuardianState.CONFIRMED or state == GuardianState.CONFIRMED
    move(row, state, MOVES, **changes)
    told = {"reason": row.refusal} if state == GuardianState.REFUSED else {}
    record(EVENTS[state], actor=actor, subject=row, now=now, **told)
    if counted:
        publish(Topic.PERSON_CHANGED, stream=stream("person", row.minor_id), now=now, user=str(row.minor_id))
    return row
