"""The effective statuses of a registration: a set, computed from everything that bears on it, never stored. Pure.

Names are RDAP's (RFC 9083 §10.2.2, RFC 8056): what EPP calls `clientX` is the holder's, `serverX` the registry's.
"""

from collections.abc import Collection
from datetime import datetime

from registry.issuing.rules import is_final
from registry.issuing.verdict import Facts, Status, consent_told, status

_SIDES = {"holder": "client", "registry": "server"}
_ACTS = {"transfer": "transfer prohibited", "update": "update prohibited", "retire": "delete prohibited"}
LOCKED = frozenset({("registry", act) for act in _ACTS})


def effective(
    facts: Facts, now: datetime, *, prohibitions: Collection[tuple[str, str]] = (), transfer_pending: bool = False
) -> tuple[str, ...]:
    """Returns the effective statuses, sorted. `active` stands there alone: where anything else does, it does not.

    `prohibitions` are (side, act), as `models.Side` and `models.Act` have them. A registration that is over bears nothing
    but `inactive`, or `pending delete` while its retirement can be undone.
    """
    present = status(facts, now)
    if present in (Status.REVOKED, Status.RETIRED):
        undone = present is Status.RETIRED and not is_final(facts.retired_at, now)
        return ("inactive", "pending delete") if undone else ("inactive",)
    found = {f"{_SIDES[side]} {_ACTS[act]}" for side, act in prohibitions}
    found |= {"client hold" if party == "operator" else "server hold" for party in facts.holds}
    checks = {
        "inactive": present is Status.EXPIRED or consent_told(facts, now) == "no",
        "locked": set(prohibitions) >= LOCKED,
        "pending transfer": transfer_pending,
    }
    found |= {name for name, applies in checks.items() if applies}
    return tuple(sorted(found)) or ("active",)
