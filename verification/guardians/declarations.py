"""What this room answers for the core, and what it does when a person takes their consent to the processing back."""

from datetime import datetime

from django.db.models import Q

from portal.access.actor import Actor
from portal.keeping.services import held
from portal.vault.models import SealedFile
from verification.declared import GUARDIAN, condition, forgets_person
from verification.guardians import keeping, letters
from verification.guardians.changing import change
from verification.guardians.models import Guardianship
from verification.guardians.queries import guardian_consents
from verification.guardians.states import ALIVE, PENDING, GuardianState

condition(GUARDIAN)(guardian_consents)


@forgets_person("guardians")
def forget(actor: Actor, now: datetime) -> list[SealedFile]:
    """Returns the proofs that go: every guardianship of the person ends, as a withdrawal or a taking back would end it.

    What an officer has decided keeps its note and its address until their clock; the rest is emptied at once.
    """
    rows = Guardianship.objects.select_for_update(of=("self",)).select_related("data_key", "minor", "guardian", "proof__data_key")
    gone: list[SealedFile] = []
    for row in rows.filter(Q(minor=actor.id) | Q(guardian=actor.id)):
        if row.state in ALIVE:
            _end(row, actor, now)
        if any(held(user) for user in (row.minor_id, row.guardian_id) if user):
            continue
        gone += keeping.erase_proof(row, now=now) if row.decided_at else keeping.erase_papers(row, now=now)
    return gone


def _end(row: Guardianship, actor: Actor, now: datetime) -> None:
    if actor.is_user(row.minor_id):
        change(row, GuardianState.TAKEN_BACK, actor=actor, now=now, ended_at=now, token_digest="")
        return
    state = GuardianState.DECLINED if row.state in PENDING else GuardianState.WITHDRAWN
    change(row, state, actor=actor, now=now, ended_at=now)
    letters.tell(row, now=now)
