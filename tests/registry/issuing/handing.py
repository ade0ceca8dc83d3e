"""The steps of a transfer, as its sides take them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from portal.access.actor import Actor
from portal.accounts.models import User
from registry.issuing import services
from registry.issuing.models import Registration, Transfer
from registry.issuing.tokens import GIVER, RECEIVER, token_of

Actors = Callable[[User], Actor]
DAY = timedelta(days=1)


def ask(registration: Registration, actor: Actor, now: datetime, email: str = "eve@example.org") -> Transfer:
    """Asks for a transfer."""
    return services.ask_transfer(actor=actor, registration_id=registration.pk, email=email, now=now)


def give(transfer: Transfer, actor: Actor, now: datetime, side: str = GIVER) -> Transfer:
    """Confirms for the present operator."""
    return services.confirm_giving(actor=actor, token=token_of(transfer.pk, side), now=now)


def receive(transfer: Transfer, actor: Actor, now: datetime, operator: str = "myself", side: str = RECEIVER) -> Transfer:
    """Confirms for the new operator."""
    return services.confirm_receiving(actor=actor, token=token_of(transfer.pk, side), operator=operator, now=now)


def holder(registration: Registration) -> Any:
    """Returns the operator that is stored."""
    return Registration.objects.get(pk=registration.pk).operator_id
