"""A registration to be listed."""

from collections.abc import Callable

import pytest

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit import clock
from registry.issuing.models import Registration
from tests.registry.rows import registration_of

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[User], Actor]


@pytest.fixture
def registration(alice: User, transactional_db: None) -> Registration:
    """A synthetic persona of Alice, registered now."""
    return registration_of(alice, now=clock.now())
