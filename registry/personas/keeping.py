"""This room's clocks: portraits that no registration, application or persona in use needs any more."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from portal.keeping import clocks, faces
from portal.keeping.clocks import Clock
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from registry.personas.models import Application, Persona, Portrait
from registry.personas.states import OPEN

RECORDS = timedelta(days=3 * 365 + 1)  # three years: Order 117 on live commerce; PIPL art. 56
UNTOUCHED = timedelta(days=365)  # a persona that was never registered, after its operator last changed it (PIPL art. 19)


def _under_review() -> QuerySet[Application]:
    return Application.objects.filter(persona=OuterRef("persona"), state__in=OPEN)


def _removed_due(now: datetime) -> QuerySet[Portrait]:
    """Taken away by the operator, and kept as evidence of a decision."""
    removed = Portrait.kept.filter(~Exists(_under_review()), removed_at__lte=now - RECORDS)
    return removed.annotate(since=F("removed_at") + RECORDS)


def _untouched_due(now: datetime) -> QuerySet[Portrait]:
    """Of a persona that nobody went on with; if it was decided on, the record's time is over too."""
    applications = Application.objects.filter(persona=OuterRef("persona"), decided_at__isnull=False)
    decided = Subquery(applications.order_by("-decided_at").values("decided_at")[:1])
    since = Greatest(F("persona__changed_at") + UNTOUCHED, decided + RECORDS)
    return Portrait.kept.filter(~Exists(_under_review())).annotate(since=since).filter(since__lte=now)


def erase_portrait(portrait: Portrait, now: datetime) -> list[SealedFile]:
    """Returns the portrait's file, its key destroyed; the row is gone."""
    files.erase(portrait.file.data_key, now=now)
    portrait.delete()
    return [portrait.file]


def personas_with_faces() -> int:
    """Returns how many personas have a portrait here: each may show a person."""
    return Persona.objects.filter(Exists(Portrait.kept.filter(persona=OuterRef("pk")))).count()


clocks.declare(Clock("portraits_removed", Retention.PORTRAIT, _removed_due, erase_portrait, person="persona__created_by"))
clocks.declare(Clock("portraits_untouched", Retention.PORTRAIT, _untouched_due, erase_portrait, person="persona__created_by"))
faces.declare("personas", personas_with_faces)
