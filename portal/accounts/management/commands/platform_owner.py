"""`manage.py platform_owner CODE EMAIL`: makes an account an owner of a platform."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.access.actor import CONSOLE
from portal.accounts import services
from portal.accounts.models import Platform, User
from portal.kit import clock


class Command(BaseCommand):
    """A platform that was opened with `issue_key` has nobody at first; its first owner invites the others."""

    help = "Make an account an owner of a platform; it manages members and keys on the platform's pages."

    def add_arguments(self, parser: CommandParser) -> None:
        """Takes the platform's code and the account's address."""
        parser.add_argument("code")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Appoints the owner; raises CommandError for an unknown platform or address."""
        platform = Platform.objects.filter(code=options["code"]).first()
        user = User.objects.filter(email__iexact=options["email"]).first()
        if platform is None or user is None:
            raise CommandError("There is no platform with this code, or no account with this address.")
        services.appoint_owner(actor=CONSOLE, platform=platform, user=user, now=clock.now())
        self.stdout.write(f"{user.email} is an owner of {platform.name}")
