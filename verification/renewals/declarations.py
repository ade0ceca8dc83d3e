"""What this room does when the core lets go of a face, or of a person."""

import uuid
from datetime import datetime

from portal.access.actor import Actor
from portal.keeping.services import held
from portal.vault import files
from portal.vault.models import SealedFile
from verification.declared import forgets_face, forgets_person
from verification.renewals import keeping
from verification.renewals.models import Renewal
from verification.renewals.states import OPEN, RenewalState


@forgets_face("renewals")
def forget(user_id: uuid.UUID, now: datetime) -> list[SealedFile]:
    """Returns the account's selfies, which no row holds any more; one that was under way is cancelled."""
    _cancel(user_id, now)
    rows = Renewal.objects.filter(user=user_id)
    rows.update(distance=None)
    return keeping.let_go(list(rows.select_related(*(f"{name}__data_key" for name in keeping.PICTURES))))


@forgets_person("renewals")
def forget_person(actor: Actor, now: datetime) -> list[SealedFile]:
    """Returns the selfies of somebody who takes back the consent to the processing; one under way is cancelled."""
    if actor.id is None:
        return []
    if held(actor.id):
        _cancel(actor.id, now)
        return []
    gone = forget(actor.id, now)
    for file in gone:
        files.erase(file.data_key, now=now)
    return gone


def _cancel(user_id: uuid.UUID, now: datetime) -> None:
    Renewal.objects.filter(user=user_id, state__in=OPEN).update(state=RenewalState.CANCELLED, decided_at=now)
