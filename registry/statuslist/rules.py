"""What a list says of a registration, how long a copy counts, and when time alone changes it. Pure."""

from datetime import datetime, timedelta

from registry.issuing.verdict import Facts, Status, status

TTL = timedelta(seconds=60)  # how long a copy is used before it is fetched again
LIFE = timedelta(hours=1)  # `exp`: after that a copy counts for nothing, whatever the reason that no newer one came
RENEW = TTL / 2  # a list is signed again at least this often
ROUND = timedelta(hours=1)  # everything is derived anew at least this often, should a due date ever have been missed
VALID, INVALID, SUSPENDED = 0, 1, 2  # draft-ietf-oauth-status-list §7.1

VALUES = {
    Status.ACTIVE: VALID,
    Status.SUSPENDED: SUSPENDED,
    Status.REVOKED: INVALID,
    Status.RETIRED: INVALID,
    Status.EXPIRED: INVALID,
}


def value_of(facts: Facts, now: datetime) -> int:
    """Returns the status value: the derived status, by the draft's registered meanings."""
    return VALUES[status(facts, now)]
