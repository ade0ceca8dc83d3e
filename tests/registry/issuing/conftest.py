"""The registration that most tests of its upkeep begin with."""

from datetime import datetime

import pytest

from portal.accounts.models import User
from registry.issuing.models import Registration
from tests.registry.issuing.upkeep import DAY
from tests.registry.rows import registration_of, verified


@pytest.fixture
def registration(alice: User, now: datetime) -> Registration:
    """A registration of Alice's, whose identity outlasts it."""
    verified(alice, now=now, valid_until=now + 900 * DAY)
    return registration_of(alice, now=now)
