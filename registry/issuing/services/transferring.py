"""Handing a registration to another operator: asked for by one, confirmed by both, each out of band with a mail of its own.

A portrait licence does not pass on. The portrayed person answered one operator, and two others cannot hand on a permission
that is theirs to give (Civil Code art. 1019; art. 1021: doubt is read for the portrayed person). So the transfer needs no
third confirmation, but it ends the licence: the persona is refused (`consent_missing`) until the portrayed person has granted
the new operator one of their own. Where the face was the giver's own, it is another's from then on, and the same rule holds.
"""

import uuid
from datetime import datetime, timedelta

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
from portal.kit.errors import Conflict, Invalid, Text, TooMany
from portal.kit.transitions import move, table
from portal.outbox.topics import Topic
from registry.issuing import letters, queries, rules, transfers
from registry.issuing.models import Registration, Transfer, TransferState
from registry.issuing.services.handing import hand_over
from registry.issuing.services.owning import locked, own, tell, under_way
from registry.issuing.tokens import GIVER, RECEIVER, digest, token_of
from registry.personas import acting
from registry.personas import queries as personas
from registry.personas.models import Persona
from registry.personas.states import OFFICER_TURN

MOVES = table(pending="completed cancelled lapsed")
PROBLEMS: dict[str, Text] = {
    "not_active": _("Only a registration that is in force can pass to another operator."),
    "prohibited": _("A transfer is forbidden for this registration, by you or by the registry."),
    "held": _("A hold stands. It must be lifted first."),
    "under_review": _("An officer is looking at this persona. Wait until they have decided."),
}


@transaction.atomic
def ask_transfer(*, actor: Actor, registration_id: uuid.UUID, email: str, now: datetime) -> Transfer:
    """Returns the transfer, waiting for both sides; two letters wait to be sent.

    Raises NotFound, Invalid for a bad or an own address, Conflict if it cannot pass on or one is under way, TooMany.
    """
    registration = own(actor, registration_id)
    _can_pass(registration, now)
    if under_way(registration):
        raise Conflict(_("A transfer is under way already."), code="transfer_pending")
    address = email.strip()
    _acceptable(registration, address)
    _within_the_day(registration, now)
    ends = now + rules.TRANSFER_LIFE
    row = Transfer(registration=registration, giver=registration.operator, asked_by_id=actor.id, asked_at=now, ends_at=ends, email=address)
    row.giver_digest, row.receiver_digest = (digest(token_of(row.pk, side)) for side in (GIVER, RECEIVER))
    row.save(force_insert=True)
    tell(Event.TRANSFER_ASKED, Topic.REGISTRATION_CHANGED, actor, registration, now)
    letters.ask_both(row, now=now)
    return row


@transaction.atomic
def confirm_giving(*, actor: Actor, token: str, now: datetime) -> Transfer:
    """Returns the transfer, confirmed by whoever asked for it; completed if the other side has confirmed.

    Raises TransferUnknown, TransferOver, TransferOfAnother, or Conflict for a link that was used or a persona that cannot pass on.
    """
    row, registration = _locked(token, GIVER, now)
    transfers.check_giver(row, actor)
    _unused(row.given_at)
    row.given_at = now
    row.save(update_fields=["given_at"])
    record(Event.TRANSFER_GIVEN, actor=actor, subject=registration, now=now)
    return _complete(row, registration, actor, now)


@transaction.atomic
def confirm_receiving(*, actor: Actor, token: str, operator: str, now: datetime) -> Transfer:
    """Returns the transfer, confirmed by the account it was sent to, in the name of `operator` (a value of `acting.choices`).

    Raises as `confirm_giving`, NotFound for an operator the actor cannot choose, Invalid for one nobody verified answers for.
    """
    row, registration = _locked(token, RECEIVER, now)
    transfers.check_receiver(row, actor)
    _unused(row.received_at)
    receiver = acting.chosen(actor, operator, now)
    if receiver.pk == row.giver_id:
        raise Invalid(errors={"operator": _("This operator has it already.")})
    row.received_at, row.received_by_id, row.receiver = now, actor.id, receiver
    _answered_for(row, now)
    row.save(update_fields=["received_at", "received_by", "receiver"])
    record(Event.TRANSFER_RECEIVED, actor=actor, subject=registration, now=now)
    return _complete(row, registration, actor, now)


@transaction.atomic
def cancel_transfer(*, actor: Actor, now: datetime, registration_id: uuid.UUID | None = None, token: str = "") -> Transfer:
    """Returns the transfer, called off: by anybody who acts for the present operator, or by either side with its link.

    Raises NotFound, Conflict if none is under way (any more), and as the confirmations do.
    """
    require(actor, Permission.MANAGE_PERSONA)
    if registration_id is not None:
        registration = own(actor, registration_id)
        row = under_way(registration)
    else:
        row, side = transfers.behind(token, now)
        (transfers.check_giver if side == GIVER else transfers.check_receiver)(row, actor)
        registration = locked(row.registration_id)
        row = under_way(registration)
    if row is None:
        raise Conflict(code="no_transfer_pending")
    _end(row, TransferState.CANCELLED, now)
    tell(Event.TRANSFER_CANCELLED, Topic.REGISTRATION_CHANGED, actor, registration, now)
    letters.tell_end(row, now=now)
    return row


@transaction.atomic
def lapse_transfer(*, actor: Actor, transfer_id: uuid.UUID, now: datetime) -> None:
    """Ends a transfer whose seven days are over; one that was completed or cancelled meanwhile is left alone."""
    require(actor, Permission.RUN_JOB)
    found = transfers.lapsing(now).filter(pk=transfer_id).first()
    if found is None:
        return
    registration = locked(found.registration_id)
    row = under_way(registration)
    if row is not None and row.pk == found.pk:
        _end(row, TransferState.LAPSED, now)
        tell(Event.TRANSFER_LAPSED, Topic.REGISTRATION_CHANGED, actor, registration, now)
        letters.tell_end(row, now=now)


def _complete(row: Transfer, registration: Registration, actor: Actor, now: datetime) -> Transfer:
    """Hands it over once both have confirmed. Whoever comes second waited for the registration's lock: it happens once."""
    if not (row.given_at and row.received_at):
        return row
    _can_pass(registration, now)
    _answered_for(row, now)
    _end(row, TransferState.COMPLETED, now)
    hand_over(row, registration, actor, now)
    tell(Event.TRANSFER_COMPLETED, Topic.PERSONA_TRANSFERRED, actor, registration, now, version=registration.version)
    letters.tell_end(row, now=now)
    return row


def _end(row: Transfer, state: TransferState, now: datetime) -> None:
    move(row, state, MOVES, ended_at=now, giver_digest="", receiver_digest="")


def _can_pass(registration: Registration, now: datetime) -> None:
    """Raises Conflict. The persona is locked first: what is being sent to review at this moment is seen, or fails."""
    persona = Persona.objects.select_for_update().get(pk=registration.persona_id)
    prohibited = registration.prohibitions.filter(lifted_at=None).values_list("act", flat=True)
    found = list(rules.transfer_problems(queries.facts_of(registration), list(prohibited), now))
    if persona.applications.filter(state__in=OFFICER_TURN).exists():
        found.append("under_review")
    if found:
        raise Conflict(" ".join(str(PROBLEMS[code]) for code in found), code=f"transfer_{found[0]}")


def _answered_for(row: Transfer, now: datetime) -> None:
    if row.receiver is None or not personas.answered_for(row.receiver, now):
        raise Invalid(
            errors={"operator": _("Nobody verified answers for this operator. Verify the identity first, then open the link again.")}
        )


def _acceptable(registration: Registration, address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid(errors={"email": _("Enter an e-mail address.")}) from None
    if User.objects.filter(pk__in=member_ids(registration.operator_id), email__iexact=address).exists():
        raise Invalid(errors={"email": _("This is an address of the present operator. The new one confirms with an account of their own.")})


def _within_the_day(registration: Registration, now: datetime) -> None:
    day = timedelta(days=1)
    if Transfer.objects.filter(giver=registration.operator_id, asked_at__gt=now - day).count() >= rules.DAILY_TRANSFERS:
        raise TooMany(_("You have asked for five transfers within a day. Ask again tomorrow."), retry_after=int(day.total_seconds()))


def _unused(confirmed: datetime | None) -> None:
    if confirmed is not None:
        raise Conflict(_("You have confirmed already. The other side has not yet."), code="confirmed_already")


def _locked(token: str, side: str, now: datetime) -> tuple[Transfer, Registration]:
    """The transfer behind a link, and its registration, locked. Each link speaks for its own side alone."""
    found, behind = transfers.behind(token, now)
    if behind != side:
        raise transfers.TransferUnknown
    registration = locked(found.registration_id)
    row, _side = transfers.behind(token, now)  # the other side, or a cancellation, may have been first
    return row, registration
