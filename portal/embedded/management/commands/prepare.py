"""Brings the tables up to date: what every start and every deployment runs before the servers."""

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """`manage.py prepare`."""

    help = "Applies the migrations and creates the cache table."

    def handle(self, *args: object, **options: object) -> None:
        """Runs both steps; each does nothing if it has been done."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
