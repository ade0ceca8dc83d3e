"""`manage.py legal_hold EMAIL REFERENCE [--lift]`: an order to keep what there is of an account."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.access.actor import CONSOLE
from portal.accounts.models import User
from portal.keeping import services
from portal.kit import clock
from portal.kit.errors import NotFound


class Command(BaseCommand):
    """While a hold stands, no clock runs out for the account."""

    help = "Place or lift a legal hold on an account."

    def add_arguments(self, parser: CommandParser) -> None:
        """Takes the account's address and the order's own number."""
        parser.add_argument("email")
        parser.add_argument("reference", help="the order's number; names nobody")
        parser.add_argument("--lift", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Places or lifts; raises CommandError for an unknown account or order."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("No account has this address.")
        change = services.lift_legal_hold if options["lift"] else services.place_legal_hold
        try:
            change(actor=CONSOLE, user=user, reference=options["reference"], now=clock.now())
        except NotFound as error:
            raise CommandError("No such order stands for this account.") from error
        self.stdout.write(f"{options['reference']}: hold {'lifted' if options['lift'] else 'placed'}")
