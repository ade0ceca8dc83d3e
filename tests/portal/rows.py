"""Rows that several tests of the lower storeys need."""

from typing import Any

from portal.accounts.models import User
from tests.cast import EPOCH
from verification.models import Case


def case_of(user: User, **fields: Any) -> Case:
    """Returns a stored case of the account."""
    return Case.objects.create(user=user, created_at=EPOCH, **fields)
