"""Opening a platform's account: anybody may, and it is in the sandbox until an administrator says otherwise."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import Platform, PlatformMember, PlatformRole
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid, Text
from portal.platforms import rules

_IN_TURN = 0x706C6174  # one lock for all openings: a code must be compared with every other


class PlatformsTaken(Conflict):
    """The account has opened as many platforms as it may."""

    code = "platforms_taken"
    title = _("You have opened three platforms already")
    help = _("Ask an administrator of the registry if you need more.")


@transaction.atomic
def open_platform(*, actor: Actor, name: str, code: str, website: str, now: datetime) -> Platform:
    """Returns the new platform with the actor as its owner, in the sandbox. Raises Invalid or PlatformsTaken."""
    require(actor, Permission.MANAGE_PERSONA)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IN_TURN])
    if Platform.objects.filter(created_by=actor.user_id).count() >= rules.PLATFORMS_PER_ACCOUNT:
        raise PlatformsTaken
    taken = Platform.objects.values_list("code", flat=True)
    problems = {
        "name": rules.name_problem(name),
        "code": rules.code_problem(code, taken),
        "website": _website_problem(website),
    }
    if wrong := {field: text for field, text in problems.items() if text}:
        raise Invalid(errors=wrong)
    platform = Platform.objects.create(code=code, name=name.strip(), website=website.strip(), created_at=now, created_by_id=actor.id)
    PlatformMember.objects.create(platform=platform, user_id=actor.user_id, role=PlatformRole.OWNER, since=now)
    record(Event.PLATFORM_CREATED, actor=actor, subject=platform, now=now, code=code)
    return platform


def _website_problem(website: str) -> Text:
    try:
        URLValidator(schemes=["https", "http"])(website.strip())
    except ValidationError:
        return _("Enter an address that begins with https://.")
    return ""
