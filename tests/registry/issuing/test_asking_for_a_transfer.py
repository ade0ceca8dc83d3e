"""Who may ask for a transfer, to whom, and how often."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit.errors import Invalid, NotFound, TooMany
from registry.issuing import rules, services
from registry.issuing.models import Registration
from tests.registry.issuing.handing import ask

Actors = Callable[[User], Actor]
DAY = timedelta(days=1)


@pytest.mark.parametrize("email", ["", "nonsense", "alice@example.org", "ALICE@example.org"])
def test_a_bad_or_an_own_address_is_refused(email: str, registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    with pytest.raises(Invalid):
        ask(registration, act(alice), now, email=email)


def test_a_stranger_asks_for_nothing(registration: Registration, eve: User, bob: User, act: Actors, now: datetime) -> None:
    for other in (eve, bob):
        with pytest.raises(NotFound):
            ask(registration, act(other), now, email="dana@example.org")


def test_strangers_are_not_flooded_with_mails(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    for number in range(rules.DAILY_TRANSFERS):
        ask(registration, act(alice), now, email=f"someone{number}@example.org")
        services.cancel_transfer(actor=act(alice), registration_id=registration.pk, now=now)
    with pytest.raises(TooMany):
        ask(registration, act(alice), now, email="another@example.org")
    assert ask(registration, act(alice), now + DAY)
