"""The entry of a registration as the desk sees it: its flags, its code, when it changed."""

from dataclasses import dataclass
from datetime import datetime

from portal.access.actor import Actor
from portal.access.roles import Permission
from portal.kit.outcome import Refused
from registry.issuing import history, wording
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Prohibition, Registration, Side, Snapshot
from registry.issuing.past import Past
from registry.issuing.reasons import REASONS
from registry.issuing.verdict import Ask, Status
from registry.issuing.wording import Text

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Change:
    """What a registration became, and when."""

    row: Snapshot
    status: Status
    flags: list[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A registration with what can be said and done about it."""

    row: Registration
    printed_id: str
    status: Status
    flags: list[tuple[str, Text]]
    prohibitions: list[tuple[Prohibition, Text, Text, bool]]  # with what, why, and whether the reader may lift it
    may_forbid: bool
    may_code: bool
    changes: list[Change]

    @property
    def ended(self) -> bool:
        """Whether it was revoked or retired."""
        return bool(self.row.revoked_at or self.row.retired_at)

    @property
    def forbidden(self) -> list[str]:
        """What the registry forbids."""
        return [row.act for row, *_rest in self.prohibitions if row.side == Side.REGISTRY]


@dataclass(frozen=True, slots=True)
class Told:
    """What was true, in words."""

    past: Past
    status: Text
    flags: list[tuple[str, Text]]
    asked: bool
    reasons: list[Text]  # why the gate would have refused; empty if it would not
    names: str
    platforms: list[str]


def of_registration(actor: Actor, row: Registration, now: datetime) -> Entry:
    """Returns the entry; what an auditor may not do is not offered."""
    may = actor.may(Permission.PLACE_OFFICER_HOLD)
    standing = issuing.prohibitions_of(row).select_related("set_by")
    return Entry(
        row=row,
        printed_id=ids.printed(row.registry_id),
        status=issuing.status_of(row, now),
        flags=wording.beside_active(issuing.effective_of(row, now)),
        prohibitions=[(each, *wording.prohibition(each), may and each.side == Side.REGISTRY) for each in standing],
        may_forbid=may,
        may_code=actor.may(Permission.DECIDE),
        changes=[_change(each) for each in row.snapshots.order_by("-since", "-pk")[:SHOWN]],
    )


def _change(row: Snapshot) -> Change:
    past = history.seen(row)
    return Change(row, past.status, wording.beside_active(past.effective))


def told(past: Past, ask: Ask | None, platforms: dict[str, str]) -> Told:
    """Returns what was true, in words, with the answer to the platform's question if there was one."""
    outcome = past.answer(ask) if ask else None
    codes = outcome.reasons if isinstance(outcome, Refused) else ()
    shown = past.beside.shown
    return Told(
        past=past,
        status=wording.STATUS[past.status],
        flags=wording.effective(past.effective),
        asked=ask is not None,
        reasons=[REASONS[code].message if code in REASONS else code for code in codes],
        names=" · ".join(name for name in (shown.get("name_zh"), shown.get("name_en")) if name),
        platforms=[platforms.get(code, code) for code in sorted(past.facts.platforms)],
    )
