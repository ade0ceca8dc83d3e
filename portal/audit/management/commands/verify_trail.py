"""`manage.py verify_trail`: reads the whole trail and says whether it is as it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit import queries
from portal.audit.models import Entry


class Command(BaseCommand):
    """Exits with an error if an entry was altered or is missing."""

    help = "Verify that no entry of the audit trail was altered or removed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints one line per fault, then the count."""
        faults = [f"{entry}: {fault}" for entry, fault in queries.broken()]
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"{Entry.objects.count()} entries, each as it was written")
