"""This room's clock: the selfies that an officer looks at, and what was recorded with them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, When

from portal.accounts.models import User
from portal.keeping import clocks, faces
from portal.keeping.clocks import Clock
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from verification.models import ConsentRecord, Purpose
from verification.renewals.models import Renewal
from verification.renewals.states import OPEN
from verification.retention import DISPUTE

# Whatever files a renewal has, now or later.
PICTURES = [field.name for field in Renewal._meta.fields if field.related_model is SealedFile]


def with_pictures() -> Q:
    """Returns what is true of a renewal that has a picture."""
    return Q(*((f"{name}__isnull", False) for name in PICTURES), _connector=Q.OR)


def let_go(rows: Sequence[Renewal]) -> list[SealedFile]:
    """Returns the files of these renewals, which no row holds any more. Their keys are the caller's to destroy."""
    held = [file for row in rows for name in PICTURES if (file := getattr(row, name))]
    Renewal.objects.filter(pk__in=[row.pk for row in rows]).update(**dict.fromkeys(PICTURES))
    return held


def _pictures_due(now: datetime) -> QuerySet[Renewal]:
    """Decided long enough ago, or what a legal hold kept when the face consent was taken back: due once it is lifted."""
    consent = ConsentRecord.objects.filter(user=OuterRef("user"), purpose=Purpose.FACE, withdrawn_at=None)
    without = ~Exists(consent)
    since = Case(When(without, then=F("submitted_at")), default=F("decided_at") + DISPUTE, output_field=DateTimeField())
    rows = Renewal.objects.filter(with_pictures()).filter(without | ~Q(state__in=OPEN))
    return rows.annotate(since=since).filter(since__lte=now)


def _pictures_go(row: Renewal, now: datetime) -> list[SealedFile]:
    gone = let_go([row])
    for file in gone:
        files.erase(file.data_key, now=now)
    return gone


def people_with_selfies() -> int:
    """Returns of how many people this room stores a selfie."""
    return User.objects.filter(Exists(Renewal.objects.filter(with_pictures(), user=OuterRef("pk")))).count()


clocks.declare(Clock("renewal_pictures", Retention.PICTURE, _pictures_due, _pictures_go, person="user"))
faces.declare("renewals", people_with_selfies)
