"""The demonstration's platforms: one that is live, and one in the sandbox that asks for live access. Their month is invented."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from demo.scenes import Actress
from portal.accounts import services as accounts
from portal.accounts.models import ApiKey, Environment, Platform, Scope
from portal.platforms import services
from registry.gate.models import Decision

RIVER = "river-video"
DAYS = 24


def settle(live: Platform, who: Mapping[str, Actress], now: datetime) -> None:
    """Gives the live platform its people and a month of checks, and opens the one in the sandbox."""
    alice, eve = who["alice"].actor, who["eve"].actor
    accounts.appoint_owner(actor=who["grace"].actor, platform=live, user=who["alice"].user, now=now - timedelta(days=DAYS + 4))
    made = {"platform": live, "scopes": [Scope.CHECK, Scope.READ], "now": now - timedelta(days=80)}
    old, _secret = accounts.issue_key(actor=alice, name="ingest", life=timedelta(days=90), networks=["203.0.113.0/24"], **made)  # type: ignore[arg-type]
    accounts.issue_key(actor=alice, platform=live, name="ingest", scopes=[Scope.CHECK, Scope.READ], now=now, life=timedelta(days=90))
    accounts.create_client(actor=alice, platform=live, name="catalogue", scopes=[Scope.READ], environment=Environment.LIVE, now=now)
    _month(live, old, now)
    river = services.open_platform(actor=eve, name="River Video", code=RIVER, website="https://river.example/", now=now - timedelta(days=3))
    accounts.issue_key(
        actor=eve, platform=river, name="trial", scopes=[Scope.CHECK], now=now, life=timedelta(days=30), environment=Environment.TEST
    )
    services.invite(actor=eve, platform_id=river.pk, email="developer@river.example", role="developer", now=now)
    purpose = "Every upload by an account that says it shows a virtual human; some 2,000 a day."
    services.ask_live(actor=eve, platform_id=river.pk, run_by="River Video Ltd (specimen)", purpose=purpose, now=now - timedelta(hours=5))


def _month(platform: Platform, key: ApiKey, now: datetime) -> None:
    """Checks of an ID that nobody has: they tell of use and of nothing else."""
    drawn = random.Random(7)
    rows = [
        Decision(at=at, as_of=at, platform=platform.code, key=key.pk, registry_id="000000000000", ask={"activity": "live"}, allowed=allowed)
        for back in range(1, DAYS)
        for allowed, most in ((True, 30), (False, 6))
        for at in [now - timedelta(days=back, minutes=drawn.randrange(300))] * drawn.randrange(2, most)
    ]
    Decision.objects.bulk_create(rows)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=now - timedelta(hours=20))
