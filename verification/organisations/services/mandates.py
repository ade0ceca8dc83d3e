"""What a mandate opens and what its end closes; the membership follows it in the same transaction."""

from datetime import datetime

from portal.access.actor import Actor
from portal.accounts.models import Member, User
from portal.audit.events import Event
from portal.audit.services import record
from verification.organisations.models import Mandate, Organisation, Role
from verification.organisations.rules import INVITATION_LIFE
from verification.organisations.states import MandateState


def open_for(mandate: Mandate) -> None:
    """Lets the agent of a standing mandate act for the organisation."""
    terms = {"role": mandate.role, "since": mandate.accepted_at, "until": mandate.until}
    Member.objects.update_or_create(operator=mandate.organisation.operator, user=mandate.user, defaults=terms)


def close_for(mandate: Mandate) -> None:
    """Lets the agent of an ended mandate act for the organisation no longer."""
    Member.objects.filter(operator=mandate.organisation.operator_id, user=mandate.user_id).delete()


def let_in(organisation: Organisation, user: User, role: Role, *, by: Actor, now: datetime) -> None:
    """Gives whoever filed a verified organisation a mandate, unless one stands: the officer has seen their letter."""
    if organisation.mandates.filter(user=user, state=MandateState.STANDING).exists():
        return
    dates = {"invited_at": now, "invitation_ends": now + INVITATION_LIFE, "accepted_at": now}
    mandate = Mandate(organisation=organisation, state=MandateState.STANDING, role=role, email=user.email, user=user, **dates)
    mandate.save(force_insert=True)
    open_for(mandate)
    record(Event.MANDATE_ACCEPTED, actor=by, subject=mandate, now=now, organisation=str(organisation.pk))
