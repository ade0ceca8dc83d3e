"""The clocks: what is kept until when, declared by the rooms that keep it, in their `keeping.py`.

A clock says which rows are due and how one goes. What may stop it is said beside it: a legal hold on the person, or
a room above for which the row is still needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.audit.services import Subject
from portal.keeping.models import LegalHold
from portal.vault.models import Retention, SealedFile

Due = Callable[[datetime], QuerySet[Any]]
Erase = Callable[[Any, datetime], Sequence[SealedFile]]
Because = Callable[[datetime], Q]


def _itself(row: Any) -> Subject:
    found: Subject = row
    return found


@dataclass(frozen=True, slots=True)
class Clock:
    """One kind of row. `due(now)` gives those whose time is over, annotated with `since`, the moment from which it was.

    `erase(row, now)` runs in a transaction, with the row locked: it destroys keys and takes the row away or empties it,
    and returns the files whose bytes are to follow once that is committed. `person` is the path to the account.
    """

    name: str
    retention: Retention
    due: Due
    erase: Erase
    person: str = ""
    subject: Callable[[Any], Subject] = _itself


_clocks: dict[str, Clock] = {}
_keepers: dict[str, list[Because]] = {}


def declare(clock: Clock) -> None:
    """Adds a clock; one of the same name is replaced. They are worked off in the order of the installed rooms."""
    _clocks[clock.name] = clock


def keep(name: str, because: Because) -> None:
    """Keeps back the rows of clock `name` for which `because(now)` holds, however due they are."""
    _keepers.setdefault(name, []).append(because)


def declared() -> list[Clock]:
    """Returns every clock."""
    return list(_clocks.values())


def waiting(clock: Clock, now: datetime) -> QuerySet[Any]:
    """Returns the rows that go at `now`: due, not under a legal hold, and needed by nobody."""
    rows = clock.due(now)
    if clock.person:
        rows = rows.exclude(Exists(LegalHold.standing.filter(user=OuterRef(clock.person))))
    for because in _keepers.get(clock.name, ()):
        rows = rows.exclude(because(now))
    return rows
