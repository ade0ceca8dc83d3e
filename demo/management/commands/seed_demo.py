"""`manage.py seed_demo`: fills an empty database with the demonstration and writes `demo.json` for scripts."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from demo import cast, platforms, scenes, story
from portal.accounts import services as accounts
from portal.accounts.models import Scope, User
from portal.kit import clock
from registry.issuing.models import Registration
from registry.issuing.registry_id import printed


class Command(BaseCommand):
    """Does nothing where the demonstration already is; refuses a database that has other people."""

    help = "Fill an empty database with invented people, rendered faces and a persona in every state."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seeds in one transaction: a run that was cut off leaves nothing behind."""
        target = settings.DATA_DIR / "demo.json"
        if User.objects.filter(email=cast.ALICE.email).exists() and target.exists():
            _write(target, json.loads(target.read_text()) | _addresses())
            self.stdout.write(f"the demonstration is there: {target}")
            return
        if User.objects.exists():
            raise CommandError("This database has accounts already. Seed an empty one: another --data folder, or another DATABASE_URL.")
        with transaction.atomic():
            _write(target, self._seed())
        self.stdout.write(f"the demonstration is ready: {target}")

    def _seed(self) -> dict[str, Any]:
        now = clock.now()
        who = story.sign_up(now - story.LONG_AGO)
        grace = who["grace"].actor
        platform = accounts.create_platform(actor=grace, code=scenes.PLATFORM, name="Demo Live", now=now - story.LONG_AGO)
        _row, key = accounts.issue_key(actor=grace, platform=platform, name="Demo", scopes=list(Scope), now=now)
        platforms.settle(platform, who, now)
        story.verify_people(who, now)
        registrations = story.describe_personas(who, now)
        return self._told(key, registrations | {"organisation": story.found_organisations(who, now)})

    def _told(self, key: str, registrations: dict[str, Registration]) -> dict[str, Any]:
        return {
            **_addresses(),
            "platform": scenes.PLATFORM,
            "platform_key": key,
            "logins": {p.name: {"email": p.email, "password": cast.PASSWORD, "role": p.role} for p in cast.CAST},
            "registrations": {state: printed(each.registry_id) for state, each in registrations.items()},
        }


def _addresses() -> dict[str, str]:
    """The ports may be others at each start."""
    return {"base_url": settings.SITE_URL, "gate_url": settings.GATE_URL}


def _write(target: Path, told: dict[str, Any]) -> None:
    draft = target.with_suffix(".tmp")
    draft.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    draft.replace(target)
