"""The minor asks a guardian."""

import uuid
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid, NotFound, TooMany
from verification.guardians import letters, queries, rules
from verification.guardians.changing import change
from verification.guardians.models import Guardianship
from verification.guardians.states import ALIVE, PENDING, GuardianState
from verification.guardians.tokens import digest, token_of
from verification.services import person


@transaction.atomic
def invite(*, actor: Actor, email: str, now: datetime) -> tuple[Guardianship, str]:
    """Returns the new guardianship and, this once, the token of its link; the letter waits to be sent.

    Raises Conflict where no guardian is needed or one is there or asked already, Invalid for an address that cannot be
    the guardian's, TooMany after five mails in a day.
    """
    require(actor, Permission.VERIFY_SELF)
    minor, address = person.lock_own(actor), email.strip()
    if not queries.needs_guardian(minor.pk, now):
        raise Conflict(_("Your account needs no guardian."), code="guardian_not_needed")
    if Guardianship.objects.filter(minor=minor, state__in=ALIVE).exists():
        raise Conflict(_("A guardian is asked already. Take that invitation back to ask another one."), code="already_invited")
    if problem := _problem(minor, address):
        raise Invalid(errors={"email": problem})
    row = Guardianship(minor=minor, email=address, invited_at=now)
    token = _mail(row, actor, now)
    return row, token


@transaction.atomic
def resend(*, actor: Actor, now: datetime) -> tuple[Guardianship, str]:
    """Returns the guardianship with seven more days and a new token; the old link is dead. Raises NotFound, Conflict once it
    was opened, TooMany within two minutes of the last mail or after five in a day."""
    require(actor, Permission.VERIFY_SELF)
    row = _mine(actor)
    if row.state != GuardianState.INVITED:
        raise Conflict(_("The invitation was opened already; a new link is not needed."), code="already_opened")
    wait = row.mailed_at + rules.MAILING_GAP - now if row.mailed_at else timedelta()
    if wait > timedelta():
        raise TooMany(_("The last mail is only just on its way. Wait two minutes."), retry_after=int(wait.total_seconds()) + 1)
    return row, _mail(row, actor, now)


@transaction.atomic
def take_back(*, actor: Actor, now: datetime) -> Guardianship:
    """Returns the guardianship, taken back by the minor: its link is dead, and a consent counts no longer. Raises NotFound."""
    require(actor, Permission.VERIFY_SELF)
    return change(_mine(actor), GuardianState.TAKEN_BACK, actor=actor, now=now, ended_at=now, token_digest="")


def lapsing(now: datetime) -> QuerySet[Guardianship]:
    """Returns the invitations whose time to answer is over."""
    return Guardianship.objects.filter(state__in=PENDING, invitation_ends__lte=now)


@transaction.atomic
def lapse(*, actor: Actor, guardianship_id: uuid.UUID, now: datetime) -> None:
    """Ends an unanswered invitation; one that was answered meanwhile is left alone."""
    require(actor, Permission.RUN_JOB)
    row = lapsing(now).select_for_update().filter(pk=guardianship_id).first()
    if row is not None:
        change(row, GuardianState.LAPSED, actor=actor, now=now, ended_at=now, token_digest="")


def _mine(actor: Actor) -> Guardianship:
    minor = person.lock_own(actor)
    rows = Guardianship.objects.select_for_update(of=("self",)).select_related("data_key")
    row = rows.filter(minor=minor, state__in=ALIVE).first()
    if row is None:
        raise NotFound
    return row


def _problem(minor: User, address: str) -> rules.Text:
    try:
        validate_email(address)
    except ValidationError:
        return _("Enter an e-mail address.")
    own = {minor.email.lower(), *(each.email.lower() for each in EmailAddress.objects.filter(user=minor))}
    return _("This is your own address. Enter your guardian's.") if address.lower() in own else ""


def _mail(row: Guardianship, actor: Actor, now: datetime) -> str:
    day = timedelta(days=1)
    mailed = Guardianship.objects.filter(minor=row.minor_id, mailed_at__gt=now - day).aggregate(mails=Sum("mailings"))["mails"] or 0
    if mailed >= rules.DAILY_MAILS:
        raise TooMany(_("You have sent five invitations within a day. Send the next one tomorrow."), retry_after=int(day.total_seconds()))
    row.mailings += 1
    row.mailed_at, row.invitation_ends = now, now + rules.INVITATION_LIFE
    token = token_of(row.pk, row.mailings)
    row.token_digest = digest(token)
    row.save()
    record(Event.GUARDIAN_INVITED, actor=actor, subject=row, now=now, mailing=row.mailings)
    letters.invite(row, now=now)
    return token
