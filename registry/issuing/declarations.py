"""What this room answers for the storey below."""

import uuid
from datetime import datetime

from registry.issuing.queries import live_commerce_owners
from verification.declared import LIVE_COMMERCE, condition


@condition(LIVE_COMMERCE)
def sells_live(user_id: uuid.UUID, now: datetime) -> bool:
    """Returns whether the account answers for a registration in force by which live commerce is possible."""
    return live_commerce_owners(now).filter(operator__members__user=user_id).exists()
