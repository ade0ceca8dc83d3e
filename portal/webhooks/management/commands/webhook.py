"""`manage.py webhook add|prove|list|log|rotate|disable|resend|test`: a platform's endpoints, until platforms have accounts."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.access.actor import CONSOLE
from portal.accounts.models import Platform
from portal.kit import clock
from portal.kit.errors import Invalid, PortalError
from portal.webhooks import queries, services
from portal.webhooks.models import Secret


class Command(BaseCommand):
    """Secrets are printed when they are made and never again."""

    help = "Manage the addresses to which platforms' events are sent."

    def add_arguments(self, parser: CommandParser) -> None:
        """Takes the verb and what it acts on."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("add", help="Add an address; it is pending until it is proven.")
        add.add_argument("platform", help="the platform's code")
        add.add_argument("url")
        add.add_argument("contact", help="the mail address that hears when it is disabled")
        add.add_argument("--types", nargs="*", default=[], help="only these types of events")
        add.add_argument("--language", default="", help="of mails: en or zh-hans")
        verbs.add_parser("list", help="Show every address.")
        texts = {
            "prove": "Send the ownership challenge; the address becomes active if it echoes it.",
            "rotate": "Make new secrets; the old ones go on signing for a day.",
            "disable": "Send nothing to it any more.",
            "test": "Send a test event.",
            "log": "Show what was sent.",
            "resend": "Send a delivery once more.",
        }
        for verb, text in texts.items():
            verbs.add_parser(verb, help=text).add_argument("id", type=uuid.UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        """Does it; raises CommandError with the reason where it cannot be done."""
        try:
            getattr(self, f"_{options['verb']}")(options)
        except PortalError as error:
            told = error.errors.values() if isinstance(error, Invalid) and error.errors else [error.detail or error.title]
            raise CommandError(f"{error.code}: {' '.join(map(str, told))}") from error

    def _add(self, options: dict[str, Any]) -> None:
        platform = Platform.objects.filter(code=options["platform"]).first()
        if platform is None:
            raise CommandError("No platform has this code; issue_key makes one.")
        given = {name: options[name] for name in ("url", "contact", "types", "language")}
        endpoint, secrets = services.add(actor=CONSOLE, platform=platform, now=clock.now(), **given)
        self.stdout.write(f"{endpoint.pk} is pending. Give the receiver one of these, then run: manage.py webhook prove {endpoint.pk}")
        self._show(secrets)

    def _show(self, secrets: Iterable[Secret]) -> None:
        for secret in secrets:
            self.stdout.write(secret.public or secret.value or "")

    def _prove(self, options: dict[str, Any]) -> None:
        endpoint = services.prove(actor=CONSOLE, endpoint_id=options["id"], now=clock.now())
        self.stdout.write(f"{endpoint.pk} is active")

    def _list(self, options: dict[str, Any]) -> None:
        for each in queries.visible_to(CONSOLE).select_related("platform").order_by("platform__code", "created_at"):
            self.stdout.write(f"{each.pk} {each.platform.code} {each.state} {each.reason or '-'} {each.url}")

    def _rotate(self, options: dict[str, Any]) -> None:
        self._show(services.rotate(actor=CONSOLE, endpoint_id=options["id"], now=clock.now()))

    def _disable(self, options: dict[str, Any]) -> None:
        services.disable(actor=CONSOLE, endpoint_id=options["id"], now=clock.now())
        self.stdout.write(f"{options['id']} is disabled")

    def _test(self, options: dict[str, Any]) -> None:
        delivery = services.send_test(actor=CONSOLE, endpoint_id=options["id"], now=clock.now())
        self.stdout.write(f"{delivery.pk} waits to be sent")

    def _resend(self, options: dict[str, Any]) -> None:
        delivery = services.resend(actor=CONSOLE, delivery_id=options["id"], now=clock.now())
        self.stdout.write(f"{delivery.pk} waits to be sent")

    def _log(self, options: dict[str, Any]) -> None:
        for delivery in queries.log_of(options["id"])[:50]:
            self.stdout.write(f"{delivery.pk} {delivery.event} {delivery.payload['type']} {delivery.registry_id or '-'} {delivery.state}")
            for each in delivery.tries.all():
                said = f"{each.status or each.error} in {each.latency} ms"
                self.stdout.write(f"  {each.number}. {each.at.isoformat(timespec='seconds')} {said} {each.response[:60]!r}")
