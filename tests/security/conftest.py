"""The chain as it stands when somebody attacks it: Alice's persona with Carol's face, licensed and registered."""

from datetime import datetime

import pytest

from portal.accounts.models import User
from portal.kit import clock
from registry.consent.models import Licence
from registry.issuing.models import Registration
from tests.registry import likenesses
from tests.registry.rows import licence_of, registration_of


@pytest.fixture
def now() -> datetime:
    """The present: pages ask the clock themselves."""
    return clock.now()


@pytest.fixture
def registration(alice: User, carol: User, now: datetime) -> Registration:
    """Alice's registered persona, which shows Carol."""
    likenesses.platform()
    likenesses.verified(carol, now=now, face_of=likenesses.vector(3))
    registration = registration_of(alice, now=now, portrayed="other")
    for place in range(2):
        likenesses.portrait_of(registration.persona, shows=likenesses.vector(3, off=0.1), position=place)
    return registration


@pytest.fixture
def licence(registration: Registration, carol: User, now: datetime) -> Licence:
    """Carol's licence for it."""
    return licence_of(registration.persona, carol, now=now)
