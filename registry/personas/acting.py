"""In whose name a person describes a persona: their own, or that of an organisation they act for."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.accounts.models import Operator, OperatorKind
from portal.accounts.services import own_operator
from portal.kit.errors import NotFound
from registry.personas import queries
from registry.personas.rules import Text
from verification.organisations import queries as organisations

MYSELF = "myself"


def choices(actor: Actor) -> list[tuple[str, Text]]:
    """Returns what the actor can choose among, as (value, label); nothing for somebody who acts for no organisation."""
    found: list[tuple[str, Text]] = [(str(operator.pk), name) for operator, name in organisations.operators_to_choose(actor)]
    return [(MYSELF, _("My own")), *found] if found else []


def last_choice(actor: Actor) -> str:
    """Returns what the actor chose last, if they still may; nothing on the first occasion."""
    last = queries.last_operator(actor)
    if last is None:
        return ""
    return str(last.pk) if last.kind == OperatorKind.ORGANISATION else MYSELF


def chosen(actor: Actor, value: str, now: datetime) -> Operator:
    """Returns the operator of a choice; without one, the actor's own. Raises NotFound for one the actor may not choose."""
    if value in ("", MYSELF):
        return own_operator(actor=actor, now=now)
    found = {str(operator.pk): operator for operator, _name in organisations.operators_to_choose(actor)}.get(value)
    if found is None:
        raise NotFound
    return found
