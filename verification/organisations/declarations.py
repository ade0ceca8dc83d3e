"""What this room does when a person takes their consent to the processing back."""

from datetime import datetime

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.audit.services import record
from portal.keeping.services import held
from portal.kit.transitions import move
from portal.vault.models import SealedFile
from verification.declared import forgets_person
from verification.organisations import keeping
from verification.organisations.models import Organisation
from verification.organisations.states import MOVES, OPEN, OrganisationState


@forgets_person("organisations")
def forget(actor: Actor, now: datetime) -> list[SealedFile]:
    """Returns the pictures that go: those of everything that the person filed. A filing on which nothing was decided goes with them.

    Mandates stand: they rest on what organisation and agent agreed, not on this consent, and nobody but an owner could
    give them anew. They count for nothing while the agent is not verified (`rules.answers_until`).
    """
    gone: list[SealedFile] = []
    keeps = actor.id is not None and held(actor.id)
    keys = ("data_key", "licence_image__data_key", "letter_image__data_key")
    for row in Organisation.objects.select_for_update(of=("self",)).select_related(*keys).filter(filed_by=actor.id):
        undecided = row.state in OPEN and row.verified_at is None and row.rejected_by_id is None
        if row.state == OrganisationState.REVIEW or (undecided and not keeps):
            record(Event.ORGANISATION_WITHDRAWN, actor=actor, subject=row, now=now)
        if row.state == OrganisationState.REVIEW:
            move(row, OrganisationState.DRAFT, MOVES, officer=None, claimed_until=None)
        if not keeps:
            gone += keeping.erase(row, now=now) if undecided else keeping.erase_pictures(row, now=now)
    return gone
