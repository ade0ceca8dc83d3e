"""How much a platform asked, by day (UTC) and credential."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Platform
from portal.api.models import Usage
from registry.gate.models import Decision, Failure

DAYS = 30
ALLOWED, DENIED, FAILED, CALLS = "allowed", "denied", "failed", "calls"
SERIES: dict[str, str | Promise] = {
    ALLOWED: _("Checks allowed"),
    DENIED: _("Checks denied"),
    FAILED: _("Checks answered with an error"),
    CALLS: _("API calls"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of a series on a day, by one credential."""

    day: date
    credential: uuid.UUID
    series: str
    number: int


@dataclass(slots=True)
class Day:
    """What was asked on a day."""

    day: date
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SERIES, 0))

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Credential:
    """A key or a client of the platform, for the filter and the download."""

    id: uuid.UUID
    name: str
    environment: str
    hint: str

    @property
    def label(self) -> str:
        """How it is told from others of its name."""
        return f"{self.name} · {self.hint}"


def credentials_of(platform: Platform) -> list[Credential]:
    """Returns the platform's keys and clients, ended ones too: they may have been used within the days shown."""
    keys = [Credential(key.pk, key.name, key.environment, key.hint) for key in platform.keys.order_by("name", "created_at")]
    clients = platform.clients.order_by("name", "created_at")
    return keys + [Credential(each.pk, each.name, each.environment, each.client_id) for each in clients]


def _decisions(platform: Platform, since: date) -> Iterator[Tally]:
    """The gate's journal."""
    rows = Decision.objects.filter(platform=platform.code, at__gte=datetime.combine(since, time.min, UTC))
    days = rows.annotate(day=TruncDate("at", tzinfo=UTC)).values("day", "key", "allowed").annotate(number=Count("pk"))
    for row in days.order_by("day"):
        yield Tally(row["day"], row["key"], ALLOWED if row["allowed"] else DENIED, row["number"])


def _failures(platform: Platform, since: date) -> Iterator[Tally]:
    """What the gate answered with an error: nothing was decided, so the journal does not have it."""
    keys = list(platform.keys.values_list("pk", flat=True))
    for row in Failure.objects.filter(key__in=keys, day__gte=since):
        yield Tally(row.day, row.key, FAILED, row.count)


def _calls(platform: Platform, since: date) -> Iterator[Tally]:
    """What was asked of the API, however it was answered."""
    rows = Usage.objects.filter(platform=platform, day__gte=since).values("day", "credential").annotate(number=Sum("calls"))
    for row in rows.order_by("day"):
        yield Tally(row["day"], row["credential"], CALLS, row["number"])


Source = Callable[[Platform, date], Iterable[Tally]]
SOURCES: list[Source] = [_decisions, _failures, _calls]


def counts(platform: Platform, today: date, credentials: Iterable[Credential]) -> list[Tally]:
    """Returns what the given credentials asked within the last 30 days, `today` included."""
    since, wanted = today - timedelta(days=DAYS - 1), {each.id for each in credentials}
    return [count for source in SOURCES for count in source(platform, since) if count.credential in wanted]


def by_day(found: Iterable[Tally], today: date) -> list[Day]:
    """Returns every one of the 30 days, the oldest first, also those without a request."""
    days = {day: Day(day) for day in (today - timedelta(days=back) for back in reversed(range(DAYS)))}
    for each in found:
        if each.day in days:
            days[each.day].counts[each.series] += each.number
    return list(days.values())


def by_credential(found: Iterable[Tally]) -> list[tuple[date, uuid.UUID, dict[str, int]]]:
    """Returns a line for each day and credential with a request, for the download."""
    lines: dict[tuple[date, uuid.UUID], dict[str, int]] = defaultdict(lambda: dict.fromkeys(SERIES, 0))
    for each in found:
        lines[each.day, each.credential][each.series] += each.number
    return [(day, credential, line) for (day, credential), line in sorted(lines.items())]
