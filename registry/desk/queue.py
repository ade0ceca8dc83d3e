"""One list of real-name cases and applications. It reads no sealed column."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from registry.desk.locks import Item, lock_of
from registry.desk.rules import PAGE, Kind, Lock, Tab, ageing
from registry.issuing import registry_id as ids
from registry.personas import queries as personas
from registry.personas.models import Application
from registry.personas.states import ApplicationState
from verification import queries as verification
from verification.models import Case

DECIDED = (ApplicationState.CHANGES_REQUESTED, ApplicationState.APPROVED, ApplicationState.REJECTED)
Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the queue: what it is, since when it waits (or when it was decided), and who has it."""

    kind: Kind
    item: Item
    since: datetime
    tone: str
    lock: Lock
    decided_by: str


def page(actor: Actor, tab: Tab, query: str, number: str | int, now: datetime) -> Page[Row]:
    """Returns a page of the queue, the oldest first; of what is done, the latest first. Raises Forbidden."""
    found = _search(actor, query) if query else _of_tab(actor, tab)
    newest_first = bool(query) or tab is Tab.DONE
    keys = found.order_by("-since" if newest_first else "since", "pk")
    shown = Paginator(keys, PAGE).get_page(number)
    shown.object_list = list(_rows(shown.object_list, actor, now))
    return shown


def counts(actor: Actor) -> dict[Tab, int]:
    """Returns how many items each tab holds. Raises Forbidden."""
    require(actor, Permission.READ_DESK)
    cases, applications = verification.waiting_cases(actor), personas.waiting_applications(actor)
    waiting = {Tab.CASES: cases.count(), Tab.APPLICATIONS: applications.count()}
    mine = cases.filter(officer=actor.id).count() + applications.filter(officer=actor.id).count()
    done = _done_cases(actor).count() + _done_applications(actor).count()
    return {Tab.ALL: sum(waiting.values()), Tab.MINE: mine, **waiting, Tab.DONE: done}


def unclaimed(actor: Actor, now: datetime) -> list[tuple[Kind, uuid.UUID]]:
    """Returns the waiting items that nobody works on, the oldest first."""
    free = Q(officer=None) | Q(claimed_until__lte=now)
    cases, applications = verification.waiting_cases(actor).filter(free), personas.waiting_applications(actor).filter(free)
    both = _keys(cases, Kind.CASE, "submitted_at").union(_keys(applications, Kind.APPLICATION, "submitted_at"))
    return [(Kind(row["kind"]), row["pk"]) for row in both.order_by("since", "pk")]


def _of_tab(actor: Actor, tab: Tab) -> Rows:
    require(actor, Permission.READ_DESK)
    if tab is Tab.DONE:
        done = _keys(_done_applications(actor), Kind.APPLICATION, Coalesce("decided_at", "submitted_at"))
        return _keys(_done_cases(actor), Kind.CASE, "decided_at").union(done)
    own = Q(officer=actor.id) if tab is Tab.MINE else Q()
    cases = _keys(verification.waiting_cases(actor).filter(own), Kind.CASE, "submitted_at")
    applications = _keys(personas.waiting_applications(actor).filter(own), Kind.APPLICATION, "submitted_at")
    return {Tab.CASES: cases, Tab.APPLICATIONS: applications}.get(tab) or cases.union(applications)


def _search(actor: Actor, query: str) -> Rows:
    """Everything ever sent whose reference, name, address or registry ID fits."""
    require(actor, Permission.READ_DESK)
    start = query.upper().removeprefix("C-").removeprefix("A-").lower()
    by_reference = Q(key__startswith=start) if len(start) >= 4 and set(start) <= set("0123456789abcdef") else Q(pk=None)
    named = Q(facts__name_zh__icontains=query) | Q(facts__name_en__icontains=query)
    registered = Q(persona__registration__registry_id=ids.canonical(query) or "-")
    cases = _all_cases(actor).annotate(key=Cast("pk", CharField())).filter(by_reference | Q(user__email__iexact=query))
    applications = personas.decidable_by(actor).annotate(key=Cast("pk", CharField())).filter(by_reference | named | registered)
    return _keys(cases, Kind.CASE, "submitted_at").union(_keys(applications, Kind.APPLICATION, "submitted_at"))


def _all_cases(actor: Actor) -> QuerySet[Case]:
    return Case.objects.filter(submitted_at__isnull=False).exclude(user=actor.id)


def _done_cases(actor: Actor) -> QuerySet[Case]:
    return _all_cases(actor).filter(decided_by__isnull=False)


def _done_applications(actor: Actor) -> QuerySet[Application]:
    return personas.decidable_by(actor).filter(state__in=DECIDED)


def _keys(items: QuerySet[Any], kind: Kind, since: Any) -> Rows:
    at = F(since) if isinstance(since, str) else since
    rows: Rows = items.order_by().annotate(kind=Value(kind.value), since=at).values("kind", "pk", "since")
    return rows


def _rows(keys: Iterable[dict[str, Any]], actor: Actor, now: datetime) -> Iterator[Row]:
    wanted = list(keys)
    cases = Case.objects.select_related("user", "officer", "decided_by").in_bulk([k["pk"] for k in wanted if k["kind"] == Kind.CASE])
    applications = Application.objects.select_related("persona", "officer", "decided_by").in_bulk(
        [key["pk"] for key in wanted if key["kind"] == Kind.APPLICATION]
    )
    for key in wanted:
        kind = Kind(key["kind"])
        item: Item | None = cases.get(key["pk"]) if kind is Kind.CASE else applications.get(key["pk"])
        if item is not None:
            yield _row(kind, item, key["since"], actor, now)


def _row(kind: Kind, item: Item, since: datetime, actor: Actor, now: datetime) -> Row:
    decider = item.decided_by or (item.officer if item.state in DECIDED else None)
    return Row(kind, item, since, ageing(now - since), lock_of(item, actor, now), decider.email if decider else "")
