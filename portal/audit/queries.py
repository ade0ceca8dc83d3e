"""Reading the trail."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from portal.audit.models import Entry
from portal.audit.services import Subject, digest


def trail_of(*subjects: Subject) -> QuerySet[Entry]:
    """Returns the entries of these subjects, the oldest first."""
    ids = [subject.pk for subject in subjects]
    return Entry.objects.filter(subject_id__in=ids).order_by("id")


def broken(entries: QuerySet[Entry] | None = None) -> Iterator[tuple[Entry, str]]:
    """Yields each entry that does not follow from the one before it, with what is wrong. None given: the whole trail."""
    last: dict[tuple[str, Any], Entry] = {}
    rows = (entries if entries is not None else Entry.objects.all()).order_by("subject_kind", "subject_id", "sequence")
    for entry in rows.iterator():
        before = last.get((entry.subject_kind, entry.subject_id))
        if entry.digest != digest(entry):
            yield entry, "altered"
        if entry.sequence != (before.sequence + 1 if before else 1):
            yield entry, "entry missing before"
        elif entry.previous != (before.digest if before else ""):
            yield entry, "chain broken"
        last = {(entry.subject_kind, entry.subject_id): entry}
