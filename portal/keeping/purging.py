"""The purge: everything whose time is over goes, row by row. Killed anywhere, the next one does what is left."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.keeping import clocks, faces
from portal.keeping.clocks import Clock
from portal.keeping.models import PurgeRun
from portal.kit import jobs
from portal.kit.errors import Conflict
from portal.vault import files, orphans
from portal.vault.orphans import Orphan

BATCH = 200
DAILY = timedelta(hours=24)
AGAIN = timedelta(hours=1)  # after one that did not come to its end

log = logging.getLogger(__name__)


class PurgeRuns(Conflict):
    """Another process purges at this moment."""

    code = "purge_runs"
    help = _("A purge is running already. It does the same work; look at its report.")


@dataclass(slots=True)
class Line:
    """What became of one kind: how many were due, since when the oldest, how many went and how many could not."""

    name: str
    due: int = 0
    oldest: datetime | None = None
    erased: int = 0
    failed: int = 0


@dataclass(slots=True)
class Report:
    """One purge. A dry run counts and erases nothing."""

    started_at: datetime
    dry_run: bool = False
    lines: list[Line] = field(default_factory=list)
    faces: int = 0
    filing_due: bool = False

    @property
    def erased(self) -> int:
        """How many rows and files went."""
        return sum(line.erased for line in self.lines)

    @property
    def failed(self) -> int:
        """How many were due and are still there, because of an error."""
        return sum(line.failed for line in self.lines)

    def as_dict(self) -> dict[str, Any]:
        """Returns the report as JSON has it; moments as ISO 8601."""
        whole = asdict(self) | {"erased": self.erased, "failed": self.failed}
        whole["started_at"] = self.started_at.isoformat()
        for line in whole["lines"]:
            line["oldest"] = line["oldest"].isoformat() if line["oldest"] else None
        return whole


def is_due(now: datetime) -> bool:
    """Returns whether a day has passed since the last purge that came to its end; one that did not is tried again in an hour."""
    done = PurgeRun.objects.filter(finished_at__isnull=False, started_at__gt=now - DAILY)
    begun = PurgeRun.objects.filter(started_at__gt=now - AGAIN)
    return not done.exists() and not begun.exists()


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The last purge that came to its end, if there was one, and whether another is overdue."""

    last: PurgeRun | None
    late: bool


def upkeep(now: datetime) -> Upkeep:
    """Returns how the purging goes, for those who answer for it."""
    last = PurgeRun.objects.filter(finished_at__isnull=False).order_by("-started_at").first()
    return Upkeep(last, late=last is not None and last.started_at <= now - 2 * DAILY)


def count(*, actor: Actor, now: datetime) -> Report:
    """Returns what a purge would find at `now`; changes nothing."""
    require(actor, Permission.RUN_JOB)
    report = Report(now, dry_run=True, lines=[_counted(clock, now) for clock in clocks.declared()])
    return _with_faces(_with_orphans(report, now, lambda orphan: False))


def purge(*, actor: Actor, now: datetime) -> Report:
    """Returns the report of a purge, which is also stored. Raises PurgeRuns if another process is at it."""
    require(actor, Permission.RUN_JOB)
    with jobs.claim("keeping.purge") as mine:
        if not mine:
            raise PurgeRuns
        run, report = PurgeRun.objects.create(started_at=now), Report(now)
        for clock in clocks.declared():
            report.lines.append(_work_off(clock, actor, now))
        _with_orphans(report, now, lambda orphan: _erase_orphan(orphan, run, actor, now))
        _with_faces(report)
        PurgeRun.objects.filter(pk=run.pk).update(finished_at=now, report=report.as_dict())
    return report


def _counted(clock: Clock, now: datetime) -> Line:
    rows = clocks.waiting(clock, now)
    return Line(clock.name, due=rows.count(), oldest=rows.order_by("since").values_list("since", flat=True).first())


def _work_off(clock: Clock, actor: Actor, now: datetime) -> Line:
    line = _counted(clock, now)
    for key in _keys(clock, now):
        try:
            line.erased += _erase(clock, key, actor, now)
        except Exception as error:  # whatever is wrong with one row, the others go
            log.error("%s %s could not be erased: %s", clock.name, key, type(error).__name__)
            line.failed += 1
    return line


def _keys(clock: Clock, now: datetime) -> Iterator[Any]:
    """The keys of the rows that go, in batches; one that failed is passed by."""
    rows = clocks.waiting(clock, now).order_by("pk").values_list("pk", flat=True)
    batch = list(rows[:BATCH])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1])[:BATCH])


def _erase(clock: Clock, key: Any, actor: Actor, now: datetime) -> bool:
    """Whether the row went. Its bytes follow once its key is gone for good: killed in between, they are an orphan nobody can read."""
    with transaction.atomic():
        row = clocks.waiting(clock, now).select_for_update(of=("self",)).filter(pk=key).first()
        if row is None:
            return False
        subject = clock.subject(row)
        identifier = subject.pk
        gone = clock.erase(row, now)
        subject.pk = identifier  # a deleted row forgets it
        record(Event.RETENTION_ERASED, actor=actor, subject=subject, now=now, kind=clock.name, files=len(gone))
    for file in gone:
        files.drop(file)
    return True


def _with_orphans(report: Report, now: datetime, erase: Callable[[Orphan], bool]) -> Report:
    lines = {kind: Line(kind) for kind in orphans.Kind}
    for orphan in orphans.found(now):
        line = lines[orphan.kind]
        line.due += 1
        line.oldest = min(filter(None, (line.oldest, orphan.since)), default=None)
        try:
            line.erased += erase(orphan)
        except Exception as error:  # as above
            log.error("%s %s could not be erased: %s", orphan.kind, orphan.name, type(error).__name__)
            line.failed += 1
    report.lines.extend(lines.values())
    return report


def _erase_orphan(orphan: Orphan, run: PurgeRun, actor: Actor, now: datetime) -> bool:
    if orphan.erase is None:
        return False
    with transaction.atomic():
        record(Event.RETENTION_ERASED, actor=actor, subject=run, now=now, kind=orphan.kind, name=orphan.name)
        orphan.erase(now)
    return True


def _with_faces(report: Report) -> Report:
    stored = faces.stored()
    report.faces, report.filing_due = stored.count, stored.filing_due
    return report
