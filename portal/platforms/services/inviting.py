"""An owner asks somebody to work for the platform; who is asked accepts once, under the address the mail came to."""

import uuid
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.actor import SYSTEM, Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.membership import owners_of, platform_for, require_owner
from portal.accounts.models import InvitationEnd, Platform, PlatformInvitation, PlatformMember, PlatformRole
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, Text, TooMany
from portal.platforms import letters, rules
from portal.platforms.tokens import digest, token_of
from portal.vault import files


class InvitationUnknown(NotFound):
    """No open invitation has this token: mistyped, used, or taken back."""

    code = "invitation_unknown"
    title = _("This link does not work (any more)")
    help = _("Each link works once. If you have not joined the platform yet, ask its owner to invite you again.")


class InvitationOver(PortalError):
    """The seven days are over."""

    code = "invitation_over"
    status = 410
    title = _("This invitation has ended")
    help = _("The link worked for seven days. Ask the platform's owner to invite you again.")


class InvitationForAnother(Forbidden):
    """The account has another address than the invitation was sent to."""

    code = "invitation_for_another"
    title = _("This invitation was sent to another address")
    help = _("Sign out and use the address the mail came to, or ask the platform's owner to invite the address you use here.")


@transaction.atomic
def invite(*, actor: Actor, platform_id: uuid.UUID, email: str, role: str, now: datetime) -> PlatformInvitation:
    """Returns the open invitation; the letter waits to be sent. Raises NotFound, OwnerNeeded, Invalid or TooMany."""
    platform = platform_for(actor, platform_id, lock=True)
    require_owner(actor, platform)
    address = email.strip()
    problems = {"email": _address_problem(platform, address), "role": "" if role in PlatformRole.values else _("Choose a role.")}
    if wrong := {field: text for field, text in problems.items() if text}:
        raise Invalid(errors=wrong)
    _within_limits(platform, actor, now)
    row = PlatformInvitation(platform=platform, email=address, role=role, invited_by_id=actor.id, invited_at=now)
    row.ends_at, row.token_digest = now + rules.INVITATION_LIFE, digest(token_of(row.pk))
    row.save(force_insert=True)
    record(Event.PLATFORM_MEMBER_INVITED, actor=actor, subject=platform, now=now, role=role, invitation=str(row.pk))
    letters.invite(row, now=now)
    return row


def invitation(token: str, now: datetime, *, lock: bool = False) -> PlatformInvitation:
    """Returns the invitation behind a link; changes nothing. Raises InvitationUnknown or InvitationOver."""
    rows = PlatformInvitation.objects.select_for_update(of=("self",)) if lock else PlatformInvitation.objects.all()
    found = rows.select_related("platform", "data_key").filter(token_digest=digest(token), ended_at=None).first()
    if found is None or found.invited_by_id is None or not owners_of(found.platform).filter(pk=found.invited_by_id).exists():
        raise InvitationUnknown
    if found.ends_at <= now:
        raise InvitationOver
    return found


def check_reader(row: PlatformInvitation, actor: Actor) -> None:
    """Returns if the signed-in actor is the one who was invited; raises InvitationForAnother or Forbidden."""
    require(actor, Permission.MANAGE_PERSONA)
    # Compared here: to a database, letters of other alphabets can be the capital of an ASCII one.
    confirmed = EmailAddress.objects.filter(user=actor.id, verified=True).values_list("email", flat=True)
    if str(row.email).lower() not in {address.lower() for address in confirmed}:
        raise InvitationForAnother


@transaction.atomic
def accept(*, token: str, actor: Actor, now: datetime) -> PlatformMember:
    """Returns the new member; the link is used up. Raises as `invitation` and `check_reader`, or Conflict for a member."""
    Platform.objects.select_for_update().get(pk=invitation(token, now).platform_id)
    row = invitation(token, now, lock=True)
    check_reader(row, actor)
    if row.platform.members.filter(user=actor.user_id).exists():
        raise Conflict(_("You work for this platform already."), code="member_already")
    member = PlatformMember.objects.create(platform=row.platform, user_id=actor.user_id, role=row.role, since=now)
    _end(row, InvitationEnd.ACCEPTED, now)
    record(Event.PLATFORM_MEMBER_JOINED, actor=actor, subject=row.platform, now=now, member=str(actor.user_id), role=row.role)
    return member


@transaction.atomic
def take_back(*, actor: Actor, platform_id: uuid.UUID, invitation_id: uuid.UUID, now: datetime) -> None:
    """Ends an open invitation; its link stops working. Raises NotFound or OwnerNeeded."""
    platform = platform_for(actor, platform_id, lock=True)
    require_owner(actor, platform)
    row = _open(invitation_id).filter(platform=platform).first()
    if row is None:
        raise NotFound
    _end(row, InvitationEnd.TAKEN_BACK, now)
    record(Event.PLATFORM_INVITATION_ENDED, actor=actor, subject=platform, now=now, invitation=str(row.pk), end=row.end)


@transaction.atomic
def lapse(*, invitation_id: uuid.UUID, now: datetime) -> None:
    """Writes down that nobody answered in time, and forgets the address."""
    row = _open(invitation_id).filter(ends_at__lte=now).first()
    if row is not None:
        _end(row, InvitationEnd.LAPSED, now)
        record(Event.PLATFORM_INVITATION_ENDED, actor=SYSTEM, subject=row.platform, now=now, invitation=str(row.pk), end=row.end)


def _open(invitation_id: uuid.UUID) -> QuerySet[PlatformInvitation]:
    rows = PlatformInvitation.objects.select_for_update(of=("self",)).select_related("platform", "data_key")
    return rows.filter(pk=invitation_id, ended_at=None)


def _end(row: PlatformInvitation, end: InvitationEnd, now: datetime) -> None:
    row.end, row.ended_at, row.token_digest, row.email = end, now, "", None
    row.save(update_fields=["end", "ended_at", "token_digest", "email"])
    files.erase(row.data_key, now=now)


def _address_problem(platform: Platform, address: str) -> Text:
    try:
        validate_email(address)
    except ValidationError:
        return _("Enter an e-mail address.")
    if platform.members.filter(user__email__iexact=address).exists():
        return _("This person works for the platform already.")
    waiting = platform.invitations.filter(ended_at=None).select_related("data_key")
    if any(str(each.email).lower() == address.lower() for each in waiting):
        return _("An invitation to this address waits for its answer.")
    return ""


def _within_limits(platform: Platform, actor: Actor, now: datetime) -> None:
    day = timedelta(days=1)
    lately = PlatformInvitation.objects.filter(Q(platform=platform) | Q(invited_by=actor.id), invited_at__gt=now - day)
    if lately.count() >= rules.DAILY_MAILS:
        raise TooMany(_("Twenty people were invited within a day. Invite the next one tomorrow."), retry_after=int(day.total_seconds()))
    if platform.members.count() + platform.invitations.filter(ended_at=None).count() >= rules.MEMBERS_AT_MOST:
        raise Conflict(_("A platform has 50 members at most."), code="members_taken")
