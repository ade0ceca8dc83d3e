"""What the tests of platforms need: platforms with people, and keys."""

from datetime import datetime

from portal.access.actor import CONSOLE
from portal.accounts import services as accounts
from portal.accounts.doors import actor_for
from portal.accounts.models import ApiKey, Environment, Platform, PlatformMember, PlatformRole, Scope, User
from portal.platforms import services


def sandbox(owner: User, code: str = "river-video", *, now: datetime) -> Platform:
    """Returns a platform of the sandbox that `owner` opened."""
    return services.open_platform(actor=actor_for(owner), name=code.title(), code=code, website="https://river.example/", now=now)


def live(owner: User, code: str = "demo-live", *, now: datetime) -> Platform:
    """Returns a live platform of `owner`."""
    platform = accounts.create_platform(actor=CONSOLE, code=code, name=code.title(), now=now)
    accounts.appoint_owner(actor=CONSOLE, platform=platform, user=owner, now=now)
    return platform


def developer(platform: Platform, user: User, *, now: datetime) -> PlatformMember:
    """Returns the account as a developer of the platform."""
    return PlatformMember.objects.create(platform=platform, user=user, role=PlatformRole.DEVELOPER, since=now)


def key(
    platform: Platform, by: User, *, now: datetime, name: str = "ingest", environment: Environment = Environment.TEST
) -> tuple[ApiKey, str]:
    """Returns a key that `by` made, with the key itself."""
    scopes = [Scope.CHECK, Scope.READ]
    return accounts.issue_key(actor=actor_for(by), platform=platform, name=name, scopes=scopes, now=now, environment=environment)
