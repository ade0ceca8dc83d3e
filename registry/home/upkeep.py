"""What an operator can do with a registration beside stopping it: renew, hand over, protect, retire."""

from dataclasses import dataclass
from datetime import datetime

from registry.issuing import queries, rules, wording
from registry.issuing.models import Act, Registration, Side, Transfer, TransferState
from registry.issuing.rules import EARLY
from registry.issuing.services.renewing import PROBLEMS
from registry.issuing.wording import Text


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A registration's flags and what can be done now."""

    row: Registration
    flags: list[tuple[str, Text]]
    renewable: bool
    renewal_due: bool
    obstacles: list[Text]  # what keeps it from being renewed without an officer
    transfer: Transfer | None
    forbidden: list[tuple[Text, Text]]  # by the registry: what, and why
    protections: list[tuple[Act, bool]]  # by the operator: what, and whether it is forbidden now
    undo_until: datetime | None  # while a retirement can be undone

    @property
    def over(self) -> bool:
        """Whether it was revoked or retired."""
        return bool(self.row.revoked_at or self.row.retired_at)


def of_registration(row: Registration, now: datetime) -> Upkeep:
    """Returns what can be done with a registration."""
    standing = list(queries.prohibitions_of(row))
    mine = {each.act for each in standing if each.side == Side.HOLDER}
    forbidden = [each for each in standing if each.side == Side.REGISTRY]
    reasons = rules.renewal_problems(queries.facts_of(row), [each.act for each in forbidden], now)
    return Upkeep(
        row=row,
        flags=wording.beside_active(queries.effective_of(row, now)),
        renewable=not reasons,
        renewal_due=row.expires_at - EARLY <= now,
        obstacles=[PROBLEMS.get(code, code) for code in reasons],
        transfer=row.transfers.filter(state=TransferState.PENDING, ends_at__gt=now).select_related("data_key").first(),
        forbidden=[wording.prohibition(each) for each in forbidden],
        protections=[(act, act in mine) for act in Act],
        undo_until=rules.undo_until(row.retired_at, row.revoked_at, now),
    )
