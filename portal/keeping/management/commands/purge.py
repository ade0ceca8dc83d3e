"""`manage.py purge [--dry-run] [--json]`: erases everything whose time is over, and says what it did."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.access.actor import SYSTEM
from portal.keeping import purging
from portal.keeping.faces import FILING_DAYS, FILING_FROM
from portal.keeping.purging import Line, Report
from portal.kit import clock
from portal.kit.errors import PortalError


class Command(BaseCommand):
    """The worker does the same every day; by hand it is for looking, and for a machine without a worker."""

    help = "Erase what is kept no longer, and find files and keys that belong to nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Takes the two ways of looking."""
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the report; raises CommandError if another purge runs or something could not be erased."""
        work = purging.count if options["dry_run"] else purging.purge
        try:
            report = work(actor=SYSTEM, now=clock.now())
        except PortalError as error:
            raise CommandError(str(error.detail)) from error
        self.stdout.write(json.dumps(report.as_dict(), indent=2) if options["json"] else in_words(report))
        if report.failed:
            raise CommandError(f"{report.failed} could not be erased: the log says which. The next purge tries again.")


def in_words(report: Report) -> str:
    """Returns the report as a table and the count of faces."""
    head = f"{'':24}{'due':>8}{'oldest':>14}{'erased':>8}{'failed':>8}"
    faces = f"{report.faces} people's faces are stored"
    if report.filing_due:
        faces += f": {FILING_FROM} or more are filed with the provincial Cyberspace Administration within {FILING_DAYS} working days"
    end = "Nothing was changed: a dry run." if report.dry_run else f"{report.erased} erased."
    return "\n".join([head, *map(_row, report.lines), faces, end])


def _row(line: Line) -> str:
    oldest = f"{line.oldest:%Y-%m-%d}" if line.oldest else "–"
    return f"{line.name:24}{line.due:>8}{oldest:>14}{line.erased:>8}{line.failed:>8}"
