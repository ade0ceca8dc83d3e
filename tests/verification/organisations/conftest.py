"""Organisations at any point of their way, as fixtures."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from portal.accounts.models import User
from portal.kit import clock
from tests import organisations
from verification.organisations.models import Mandate, Organisation

File = Callable[..., Organisation]
Accept = Callable[..., Mandate]


@pytest.fixture
def now() -> datetime:
    """The present: pages and the database ask the clock themselves."""
    return clock.now()


@pytest.fixture
def drafted(now: datetime) -> File:
    """Files everything and sends nothing."""
    return partial(organisations.drafted, now=now)


@pytest.fixture
def submitted(now: datetime) -> File:
    """Goes on and submits."""
    return partial(organisations.submitted, now=now)


@pytest.fixture
def decided(bob: User, now: datetime) -> File:
    """Claims and decides, as Bob unless another officer is named."""

    def done(organisation: Organisation, verdict: str, *reasons: str, officer: User = bob) -> Organisation:
        return organisations.decided(organisation, officer, now, verdict, *reasons)

    return done


@pytest.fixture
def star(alice: User, submitted: File, decided: File) -> Organisation:
    """Star River Culture, verified; Alice owns it."""
    return decided(submitted(alice), "verified")


@pytest.fixture
def agent(star: Organisation, alice: User, now: datetime) -> Accept:
    """Alice invites somebody, who accepts."""

    def accepted(user: User, **terms: object) -> Mandate:
        return organisations.agent(star, alice, user, now, **terms)

    return accepted
