"""The desk reads the clock at its door, so its tests take place now."""

from datetime import datetime

import pytest

from portal.accounts.models import User
from portal.kit import clock
from registry.personas.models import Application
from tests.registry.desk import desk
from verification.models import Case


@pytest.fixture
def now() -> datetime:
    """The present: views ask the clock themselves."""
    return clock.now()


@pytest.fixture
def case(carol: User, now: datetime) -> Case:
    """Carol's case, two hours old."""
    return desk.waiting_case(carol, now)


@pytest.fixture
def application(alice: User, now: datetime) -> Application:
    """Alice's application, one hour old."""
    return desk.waiting_application(alice, now)
