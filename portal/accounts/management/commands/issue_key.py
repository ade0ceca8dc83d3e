"""`manage.py issue_key CODE [--name NAME] [--test]`: opens a platform's account at the first need and prints a new key once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.access.actor import CONSOLE
from portal.accounts import services
from portal.accounts.models import Environment, Platform, Scope
from portal.kit import clock
from portal.kit.errors import Conflict


class Command(BaseCommand):
    """The key is printed here and nowhere else."""

    help = "Issue an API key for a platform; the platform is created if there is none with this code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Takes the platform's code, for a new one its name, and whether the key is for the sandbox."""
        parser.add_argument("code")
        parser.add_argument("--name", default="")
        parser.add_argument("--test", action="store_true", help="a key of the sandbox")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the key."""
        now, code = clock.now(), options["code"]
        platform = Platform.objects.filter(code=code).first()
        if platform is None:
            platform = services.create_platform(actor=CONSOLE, code=code, name=options["name"] or code, now=now)
        environment = Environment.TEST if options["test"] else Environment.LIVE
        try:
            _row, secret = services.issue_key(
                actor=CONSOLE, platform=platform, name="console", scopes=list(Scope), now=now, environment=environment
            )
        except Conflict as error:
            raise CommandError(f"{error.title}. {error.detail}") from error
        self.stdout.write(secret)
