"""`manage.py rotate_keys [--dry-run]`: wraps every data key by the newest master key, so that the older ones can go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.vault import rewrapping
from portal.vault.cipher import VaultError


class Command(BaseCommand):
    """May be interrupted at any line and run again, also while the portal runs (docs/operations.md)."""

    help = "Wrap every data key by the newest master key of VAULT_MASTER_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        """Takes the way of looking."""
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what each master key wraps, then one line a batch. Raises CommandError for an unknown master key."""
        try:
            self._rotate(dry_run=options["dry_run"])
        except VaultError as error:
            raise CommandError(str(error)) from error

    def _rotate(self, *, dry_run: bool) -> None:
        for master, count in rewrapping.by_master().items():
            self.stdout.write(f"{master}: {count} data keys{' (newest)' if master == rewrapping.newest() else ''}")
        if dry_run:
            self.stdout.write(f"{rewrapping.behind().count()} to be wrapped anew. Nothing was changed: a dry run.")
            return
        failed = 0
        for progress in rewrapping.rewrap():
            self.stdout.write(f"{progress.moved} wrapped anew, {progress.left} left")
            failed = progress.failed
        if failed:
            raise CommandError(f"{failed} data keys do not open: the log says which. Keep the older master keys.")
        left = rewrapping.behind().count()
        if left:
            raise CommandError(f"{left} were added meanwhile under an older master key: restart every process, then run this again.")
        self.stdout.write(f"Every data key is wrapped by {rewrapping.newest()}. The other master keys can be removed.")
