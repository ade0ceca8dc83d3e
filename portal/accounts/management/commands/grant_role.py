"""`manage.py grant_role EMAIL ROLE`: makes an account an officer, an auditor or an administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.access.actor import CONSOLE
from portal.access.roles import STAFF, Role
from portal.accounts import services
from portal.accounts.models import User
from portal.kit import clock


class Command(BaseCommand):
    """The first officer of a new registry is made here."""

    help = "Give an account a staff role. It counts once the account has a second factor."

    def add_arguments(self, parser: CommandParser) -> None:
        """Takes the account's address and the role."""
        parser.add_argument("email")
        parser.add_argument("role", choices=sorted(STAFF))

    def handle(self, *args: Any, **options: Any) -> None:
        """Grants the role; raises CommandError for an unknown address."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("No account has this address. The person signs up first.")
        services.grant_role(actor=CONSOLE, user=user, role=Role(options["role"]), now=clock.now())
        self.stdout.write(f"{user.email} is {options['role']} once a second factor is set up")
