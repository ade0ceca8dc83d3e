"""The operator asks the portrayed person."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.accounts.queries import member_ids
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid, TooMany
from portal.kit.transitions import move
from registry.consent import letters, queries, rules
from registry.consent.models import Licence, Medium, UsePurpose
from registry.consent.rules import Terms, Text
from registry.consent.states import MOVES, LicenceState
from registry.consent.tokens import digest, token_of
from registry.personas.models import Persona, Portrayed
from registry.personas.queries import platform_names
from registry.personas.rules import MIN_PORTRAITS
from registry.personas.services.owning import own


class AlreadyInvited(Conflict):
    """An invitation for this persona waits for its answer."""

    code = "already_invited"
    help = _("An invitation for this persona is waiting for an answer. Send it again, or take it back and write a new one.")


@transaction.atomic
def invite(*, actor: Actor, persona: Persona, email: str, terms: Terms, now: datetime) -> tuple[Licence, str]:
    """Returns the new licence and, this once, the token of its link; the letter waits to be sent.

    Raises NotFound, AlreadyInvited, TooMany, or Invalid for a persona that shows nobody else, an own address or bad terms.
    """
    persona = own(actor, persona.pk)
    _ready(persona)
    address, asked = email.strip(), terms.ordered()
    errors = {**_of_address(persona, address), **_of_terms(asked, now)}
    if errors:
        raise Invalid(errors=errors)
    if queries.pending(persona) is not None:
        raise AlreadyInvited
    proposal = {"email": address, "proposed": rules.as_json(asked), **rules.columns(asked)}
    licence = Licence(persona=persona, invited_by_id=actor.id, invited_at=now, **proposal)
    token = _mail(licence, now)
    record(Event.LICENCE_INVITED, actor=actor, subject=licence, now=now, persona=str(persona.pk), terms=licence.proposed)
    return licence, token


@transaction.atomic
def resend(*, actor: Actor, licence: Licence, now: datetime) -> tuple[Licence, str]:
    """Returns the licence with seven more days and a new token; the old link is dead.

    Raises NotFound, Conflict once it was opened, TooMany for a stranger's sake: five mails, two minutes apart.
    """
    licence = _unanswered(actor, licence)
    if licence.state != LicenceState.INVITED:
        raise Conflict(_("The invitation was opened already; a new link is not needed."), code="already_opened")
    if licence.mailings >= rules.MAX_MAILINGS:
        raise TooMany(_("This invitation was sent five times. Take it back and ask the person for another address."), retry_after=86400)
    wait = licence.mailed_at + rules.MAILING_GAP - now if licence.mailed_at else None
    if wait is not None and wait.total_seconds() > 0:
        raise TooMany(_("The last mail is only just on its way. Wait two minutes."), retry_after=int(wait.total_seconds()) + 1)
    token = _mail(licence, now)
    record(Event.LICENCE_INVITED, actor=actor, subject=licence, now=now, persona=str(licence.persona_id), mailing=licence.mailings)
    return licence, token


@transaction.atomic
def take_back(*, actor: Actor, licence: Licence, now: datetime) -> Licence:
    """Returns the licence, superseded: its link is dead and nothing can be granted. Raises NotFound or Conflict."""
    licence = _unanswered(actor, licence)
    if licence.state == LicenceState.GRANTED:  # a granted licence ends by another grant, not by taking it back
        raise Conflict(code="illegal_move")
    move(licence, LicenceState.SUPERSEDED, MOVES, token_digest="", ended_at=now)
    record(Event.LICENCE_SUPERSEDED, actor=actor, subject=licence, now=now)
    return licence


def problems(terms: Terms, now: datetime) -> dict[str, Text]:
    """Returns what is wrong with terms by themselves, whatever platforms they name."""
    return rules.problems(terms, today=timezone.localdate(now), media=Medium.values, purposes=UsePurpose.values, platforms=terms.platforms)


def _of_terms(terms: Terms, now: datetime) -> dict[str, Text]:
    unknown = set(terms.platforms) - set(platform_names())
    return problems(terms, now) | ({"platforms": _("Choose among what is listed.")} if unknown else {})


def _ready(persona: Persona) -> None:
    if persona.portrayed != Portrayed.OTHER:
        raise Invalid(_("Only a persona that shows another real person needs a licence. Change what you said about its face first."))
    if persona.portraits.count() < MIN_PORTRAITS:
        raise Invalid(_("Add at least two portraits first: the person must see what they are asked about."), code="portraits_missing")


def _of_address(persona: Persona, address: str) -> dict[str, Text]:
    try:
        validate_email(address)
    except ValidationError:
        return {"email": _("Enter an e-mail address.")}
    members = User.objects.filter(pk__in=member_ids(persona.operator_id), email__iexact=address)
    return {"email": _("This is an address of the operator. If the persona shows yourself, say so on the persona.")} if members else {}


def _unanswered(actor: Actor, licence: Licence) -> Licence:
    own(actor, licence.persona_id)
    return Licence.objects.select_for_update().select_related("persona", "data_key").get(pk=licence.pk)


def _within_the_day(licence: Licence, now: datetime) -> None:
    day = timedelta(days=1)
    mailed = Licence.objects.filter(persona__operator=licence.persona.operator_id, mailed_at__gt=now - day)
    if (mailed.aggregate(mails=Sum("mailings"))["mails"] or 0) >= rules.DAILY_MAILS:
        help_text = _("You have sent twenty invitations within a day. Nothing is lost: send the next one tomorrow.")
        raise TooMany(help_text, retry_after=int(day.total_seconds()))


def _mail(licence: Licence, now: datetime) -> str:
    _within_the_day(licence, now)
    licence.mailings += 1
    licence.mailed_at, licence.invitation_ends = now, now + rules.INVITATION_LIFE
    token = token_of(licence.pk, licence.mailings)
    licence.token_digest = digest(token)
    licence.save()
    letters.invite(licence, now=now)
    return token
