"""`manage.py rotate_signing_key [--at-once] [--revoke KID]`: publishes a new signing key, or ends a stolen one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.access.actor import CONSOLE
from portal.kit import clock
from portal.kit.errors import PortalError
from portal.signing import keys, queries, services
from portal.signing.keys import SigningError


class Command(BaseCommand):
    """The new key is published now and signs a day later; the old one verifies until all that it signed has run out."""

    help = "Publish a new signing key, which signs after a day; or revoke a stolen one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Takes what is different after a theft."""
        parser.add_argument("--at-once", action="store_true", help="the new key signs now: a key was stolen")
        parser.add_argument("--revoke", metavar="KID", help="nothing that this key signed verifies any more")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was done, and each key that counts. Raises CommandError."""
        try:
            self._revoke(options["revoke"]) if options["revoke"] else self._add(at_once=options["at_once"])
            self._show()
        except (PortalError, SigningError) as error:
            raise CommandError(str(error)) from error

    def _add(self, *, at_once: bool) -> None:
        now, key = clock.now(), keys.draw()
        services.publish(now)
        row = services.announce(actor=CONSOLE, key=key, at_once=at_once, now=now)
        written = keys.put_first(key)
        self.stdout.write(f"{row.kid} is published and signs from {row.signs_from:%Y-%m-%d %H:%M} UTC.")
        if not written:
            self.stdout.write("Put it first in SIGNING_KEYS before then, and restart every process. It is shown only here:")
            self.stdout.write(key.as_pem(private=True).decode())

    def _revoke(self, kid: str) -> None:
        services.revoke(actor=CONSOLE, kid=kid, now=clock.now())
        self.stdout.write(f"{kid} is revoked. Lists and certificates are signed anew within seconds. Remove it from SIGNING_KEYS.")

    def _show(self) -> None:
        now = clock.now()
        signing = keys.identifier(queries.current(now))
        for kid in queries.public_keys(now):
            self.stdout.write(f"{kid}{'  signs' if kid == signing else ''}")
