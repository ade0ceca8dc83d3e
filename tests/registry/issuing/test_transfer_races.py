"""Two steps of one transfer at the same moment."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit.errors import PortalError
from portal.outbox.models import Message
from registry.issuing import services
from registry.issuing.models import Registration
from registry.issuing.tokens import RECEIVER, token_of
from tests import cast
from tests.registry.issuing.handing import ask, give, holder, receive
from tests.registry.rows import operator_of, registration_of, verified

Actors = Callable[[User], Actor]
DAY = timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_at_once_both_count_and_it_happens_once(now: datetime, act: Actors) -> None:
    alice, eve = cast.person("alice"), cast.person("eve")
    verified(eve, now=now)
    registration = registration_of(alice, now=now)
    for giver, taker in ((alice, eve), (eve, alice), (alice, eve)):
        transfer = ask(registration, act(giver), now, email=taker.email)
        giving = partial(give, transfer, act(giver), now)
        race(giving, partial(receive, transfer, act(taker), now), giving)
        assert holder(registration) == operator_of(taker).pk
    assert Message.objects.filter(topic="persona.transferred").count() == 3
    assert Registration.objects.get().version == 4


@pytest.mark.django_db(transaction=True)
def test_a_cancellation_and_the_last_confirmation_exclude_each_other(now: datetime, act: Actors) -> None:
    alice, eve = cast.person("alice"), cast.person("eve")
    verified(eve, now=now)
    for _round in range(3):
        registration = registration_of(alice, now=now)
        transfer = ask(registration, act(alice), now)
        receive(transfer, act(eve), now)
        cancel = partial(services.cancel_transfer, actor=act(eve), token=token_of(transfer.pk, RECEIVER), now=now)
        race(partial(give, transfer, act(alice), now), cancel)
        transfer.refresh_from_db()
        assert transfer.state in ("completed", "cancelled")
        assert (holder(registration) == operator_of(eve).pk) == (transfer.state == "completed")


def race(*steps: Callable[[], object]) -> None:
    """Lets all steps go at once, each on a connection of its own; what loses raises an expected error."""
    gate = threading.Barrier(len(steps))

    def run(step: Callable[[], object]) -> None:
        gate.wait(5)
        try:
            step()
        except PortalError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
