"""An owner asks somebody to act for the organisation; who is asked accepts once, under the address the mail came to."""

from datetime import date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import User
from portal.accounts.queries import member_ids
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, Text, TooMany
from portal.kit.transitions import move
from verification.organisations import letters, queries, rules
from verification.organisations.models import Mandate, Organisation, Role
from verification.organisations.services import mandates
from verification.organisations.services.deciding import tell_operator
from verification.organisations.services.owning import owned, verified_agent
from verification.organisations.states import MANDATE_MOVES, MandateState
from verification.organisations.tokens import digest, token_of


class MandateUnknown(NotFound):
    """No open invitation has this token: mistyped, used, or taken back."""

    code = "mandate_unknown"
    title = _("This link does not work (any more)")
    help = _("Each link works once. If you have not accepted the mandate yet, ask the organisation to invite you again.")


class MandateOver(PortalError):
    """The seven days are over."""

    code = "mandate_over"
    status = 410
    title = _("This invitation has ended")
    help = _("The link worked for seven days. Ask the organisation to invite you again.")


class MandateForAnother(Forbidden):
    """The account has another address than the invitation was sent to."""

    code = "mandate_for_another"
    title = _("This invitation was sent to another address")
    help = _(
        "Sign out and use the address the mail came to, add that address to your account,"
        " or ask the organisation to invite the address you use here."
    )


@transaction.atomic
def invite(*, actor: Actor, organisation: Organisation, email: str, role: str, until: date | None, now: datetime) -> Mandate:
    """Returns the invited mandate; the letter waits to be sent. `until` is the last day of its term.

    Raises NotFound, Forbidden for an agent who is no owner, Invalid, TooMany, or Conflict while the organisation is not verified.
    """
    found = owned(actor, organisation.pk)
    if found.operator_id is None or not queries.is_verified(found, now):
        raise Conflict(_("Agents can be invited once the organisation is verified."), code="organisation_unverified")
    address = email.strip()
    errors = {"email": _address_problem(found, address), "role": _role_problem(role), "until": _term_problem(until, now)}
    if wrong := {field: text for field, text in errors.items() if text}:
        raise Invalid(errors=wrong)
    _within_the_day(found, now)
    mandate = Mandate(organisation=found, role=role, email=address, until=_end_of(until), invited_by_id=actor.id)
    mandate.invited_at, mandate.invitation_ends, mandate.token_digest = now, now + rules.INVITATION_LIFE, digest(token_of(mandate.pk))
    mandate.save(force_insert=True)
    record(Event.MANDATE_INVITED, actor=actor, subject=mandate, now=now, organisation=str(found.pk), role=role)
    letters.invite(mandate, now=now)
    return mandate


def invitation(token: str, now: datetime, *, lock: bool = False) -> Mandate:
    """Returns the mandate behind a link; changes nothing. Raises MandateUnknown or MandateOver."""
    rows = Mandate.objects.select_for_update(of=("self",)) if lock else Mandate.objects.all()
    found = rows.select_related("organisation", "data_key").filter(token_digest=digest(token), state=MandateState.INVITED).first()
    if found is None or not queries.is_verified(found.organisation, now):
        raise MandateUnknown
    if found.invitation_ends <= now or (found.until is not None and found.until <= now):
        raise MandateOver
    return found


def check_reader(mandate: Mandate, actor: Actor) -> None:
    """Returns if the signed-in actor is the one who was invited; raises MandateForAnother or Forbidden."""
    require(actor, Permission.MANAGE_PERSONA)
    # Compared here: to a database, letters of other alphabets can be the capital of an ASCII one.
    confirmed = EmailAddress.objects.filter(user=actor.id, verified=True).values_list("email", flat=True)
    if str(mandate.email).lower() not in {address.lower() for address in confirmed}:
        raise MandateForAnother


@transaction.atomic
def accept(*, token: str, actor: Actor, now: datetime) -> Mandate:
    """Returns the standing mandate, bound to the actor's account; the link is used up.

    Raises as `invitation` and `check_reader`, Unverified, or Conflict for somebody who acts for the organisation already.
    """
    mandate = invitation(token, now, lock=True)
    check_reader(mandate, actor)
    verified_agent(actor, now)
    User.objects.select_for_update().get(pk=actor.user_id)
    if mandate.organisation.mandates.filter(user=actor.user_id, state=MandateState.STANDING).exists():
        raise Conflict(_("You act for this organisation already."), code="agent_already")
    move(mandate, MandateState.STANDING, MANDATE_MOVES, user_id=actor.user_id, accepted_at=now, token_digest="")
    mandates.open_for(mandate)
    record(Event.MANDATE_ACCEPTED, actor=actor, subject=mandate, now=now, organisation=str(mandate.organisation_id))
    tell_operator(mandate.organisation, now)
    return mandate


def _address_problem(organisation: Organisation, address: str) -> Text:
    try:
        validate_email(address)
    except ValidationError:
        return _("Enter an e-mail address.")
    if organisation.operator_id is None:
        return ""
    acts = User.objects.filter(pk__in=member_ids(organisation.operator_id), email__iexact=address).exists()
    asked = any(str(each.email).lower() == address.lower() for each in organisation.mandates.filter(state=MandateState.INVITED))
    if asked:
        return _("An invitation to this address waits for its answer.")
    return _("This person acts for the organisation already.") if acts else ""


def _role_problem(role: str) -> Text:
    return "" if role in Role.values else _("Choose a role.")


def _term_problem(until: date | None, now: datetime) -> Text:
    today = rules.today(now)
    if until is None:
        return ""
    if until < today:
        return _("The last day lies in the past.")
    return _("A mandate runs for three years at most.") if until - today > rules.MANDATE_LONGEST else ""


def _end_of(last_day: date | None) -> datetime | None:
    return None if last_day is None else datetime.combine(last_day + timedelta(days=1), time.min, rules.REGISTRY_ZONE)


def _within_the_day(organisation: Organisation, now: datetime) -> None:
    day = timedelta(days=1)
    if organisation.mandates.filter(invited_at__gt=now - day, invited_by__isnull=False).count() >= rules.DAILY_MAILS:
        raise TooMany(_("Twenty agents were invited within a day. Invite the next one tomorrow."), retry_after=int(day.total_seconds()))
