"""Counting what platforms ask, for their usage page."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection

from portal.accounts.callers import Caller
from portal.api.models import Outcome

_COUNT = """
INSERT INTO api_usage AS u (platform_id, environment, credential, day, operation, outcome, calls)
VALUES (%(platform)s, %(environment)s, %(credential)s, %(day)s, %(operation)s, %(outcome)s, 1)
ON CONFLICT (platform_id, environment, credential, day, operation, outcome) DO UPDATE SET calls = u.calls + 1
"""


def outcome_of(status: int) -> Outcome:
    """Returns the class of an HTTP status."""
    if status == 429:
        return Outcome.LIMITED
    if status >= 500:
        return Outcome.FAILED
    return Outcome.REFUSED if status >= 400 else Outcome.OK


def count(caller: Caller, operation: str, status: int, *, now: datetime) -> None:
    """Counts one answered call in one atomic statement."""
    values: dict[str, Any] = {
        "platform": caller.platform_id,
        "environment": caller.environment.value,
        "credential": caller.credential,
        "day": now.astimezone(UTC).date(),
        "operation": operation,
        "outcome": outcome_of(status).value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
