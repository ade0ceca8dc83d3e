"""This room's clock: a guardian's proof, the note beside it and the address of the invitation, which one key seals."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from portal.keeping import clocks
from portal.keeping.clocks import Clock
from portal.keeping.models import LegalHold
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from verification.guardians.models import Guardianship
from verification.guardians.states import PENDING, GuardianState
from verification.retention import DISPUTE

ANSWERED = timedelta(days=30)  # of what no officer decided: after the answer or the lapse, as other addresses (PIPL art. 19)
WAITS = (*PENDING, GuardianState.GRANTED)  # somebody still needs them
PAPERS = Q(email__isnull=False) | Q(proof__isnull=False)


def erase_proof(row: Guardianship, *, now: datetime) -> list[SealedFile]:
    """Returns the picture of the proof, its key destroyed; its bytes follow once that is committed (`files.drop`)."""
    if row.proof is None:
        return []
    gone = row.proof
    Guardianship.objects.filter(pk=row.pk).update(proof=None)
    files.erase(gone.data_key, now=now)
    return [gone]


def erase_papers(row: Guardianship, *, now: datetime) -> list[SealedFile]:
    """Returns the picture of the proof; address and note are gone with their key. Who consented for whom, and when, stays."""
    files.erase(row.data_key, now=now)
    Guardianship.objects.filter(pk=row.pk).update(email=None, note=None)
    return erase_proof(row, now=now)


def _papers_due(now: datetime) -> QuerySet[Guardianship]:
    since = Coalesce(F("decided_at") + DISPUTE, F("ended_at") + ANSWERED)
    over = Guardianship.objects.filter(PAPERS).exclude(state__in=WAITS)
    return over.annotate(since=since).filter(since__lte=now)


def _papers_go(row: Guardianship, now: datetime) -> list[SealedFile]:
    return erase_papers(row, now=now)


def _guardian_held(now: datetime) -> Q:
    """An order about the guardian keeps them as one about the minor does."""
    return Q(Exists(LegalHold.standing.filter(user=OuterRef("guardian"))))


clocks.declare(Clock("guardian_papers", Retention.PICTURE, _papers_due, _papers_go, person="minor"))
clocks.keep("guardian_papers", _guardian_held)
