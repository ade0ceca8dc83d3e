"""Nina is 16 and asks Carol, who is her mother; Bob and Dana are officers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from tests import cast
from tests.registry import rows
from tests.registry.desk.desk import picture
from verification.guardians import services
from verification.guardians.models import Guardianship
from verification.models import Case
from verification.states import CaseState

BORN = "2009-06-01"  # 16 on the tests' day
NOTE = "We live in one household."
Granted = Callable[..., Guardianship]


def case_of(minor: User, now: datetime, **fields: Any) -> Case:
    """Returns the case of a minor that waits for an officer."""
    told: dict[str, Any] = {
        "state": CaseState.REVIEW,
        "document_type": "passport",
        "full_name": "Nina Specimen",
        "document_number": "E99887766",
        "birth_date": BORN,
        "document_image": picture(),
        "distance": 0.2,
        "liveness": "passed",
        "risks": ["minor"],
        "created_at": now,
        "submitted_at": now,
    }
    case = Case(user=minor, **(told | fields))
    case.save()
    return case


@pytest.fixture
def nina(db: None, now: datetime) -> User:
    """A minor whose case waits for an officer."""
    user = cast.person("nina")
    case_of(user, now)
    return user


@pytest.fixture
def opened(nina: User, now: datetime) -> Callable[..., Guardianship]:
    """Invites a guardian, who opens the link."""

    def go(guardian: User) -> Guardianship:
        _row, token = services.invite(actor=actor_for(nina), email=guardian.email, now=now)
        return services.open_invitation(token=token, actor=actor_for(guardian), now=now)

    return go


@pytest.fixture
def granted(opened: Callable[..., Guardianship], now: datetime) -> Granted:
    """Goes on until a verified guardian has granted and the machine has compared."""

    def go(guardian: User, **fields: Any) -> Guardianship:
        row = opened(guardian)
        rows.verified(guardian, now=now)
        services.grant(actor=actor_for(guardian), guardianship_id=row.pk, relation="parent", note=NOTE, proof=None, now=now)
        Guardianship.objects.filter(pk=row.pk).update(**({"compared_at": now} | fields))
        row.refresh_from_db()
        return row

    return go


def confirm(officer: User, row: Guardianship, now: datetime) -> Guardianship:
    """Returns the guardianship, confirmed."""
    return services.confirm(actor=actor_for(officer), guardianship_id=row.pk, now=now)
