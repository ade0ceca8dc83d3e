"""One list of real-name cases and applications. It reads no sealed column."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
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
from verification.organisations import codes
from verification.organisations import queries as organisations
from verification.organisations.models import Organisation

TAB_OF = {Kind.CASE: Tab.CASES, Kind.APPLICATION: Tab.APPLICATIONS, Kind.ORGANISATION: Tab.ORGANISATIONS}
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
    queues = _waiting(actor)
    waiting = {TAB_OF[kind]: items.count() for kind, items in queues.items()}
    mine = sum(items.filter(officer=actor.id).count() for items in queues.values())
    done = _done_cases(actor).count() + _done_applications(actor).count() + _done_organisations(actor).count()
    return {Tab.ALL: sum(waiting.values()), Tab.MINE: mine, **waiting, Tab.DONE: done}


def unclaimed(actor: Actor, now: datetime) -> list[tuple[Kind, uuid.UUID]]:
    """Returns the waiting items that nobody works on, the oldest first."""
    free = Q(officer=None) | Q(claimed_until__lte=now)
    found = _together([_keys(items.filter(free), kind, "submitted_at") for kind, items in _waiting(actor).items()])
    return [(Kind(row["kind"]), row["pk"]) for row in found.order_by("since", "pk")]


def _waiting(actor: Actor) -> dict[Kind, QuerySet[Any]]:
    return {
        Kind.CASE: verification.waiting_cases(actor),
        Kind.APPLICATION: personas.waiting_applications(actor),
        Kind.ORGANISATION: organisations.waiting_organisations(actor),
    }


def _together(parts: Sequence[Rows]) -> Rows:
    return parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]


def _of_tab(actor: Actor, tab: Tab) -> Rows:
    require(actor, Permission.READ_DESK)
    if tab is Tab.DONE:
        done = _keys(_done_applications(actor), Kind.APPLICATION, Coalesce("decided_at", "submitted_at"))
        filed = _keys(_done_organisations(actor), Kind.ORGANISATION, "decided_at")
        return _keys(_done_cases(actor), Kind.CASE, "decided_at").union(done, filed)
    own = Q(officer=actor.id) if tab is Tab.MINE else Q()
    shown = {kind: items for kind, items in _waiting(actor).items() if tab in (Tab.ALL, Tab.MINE, TAB_OF[kind])}
    return _together([_keys(items.filter(own), kind, "submitted_at") for kind, items in shown.items()])


def _search(actor: Actor, query: str) -> Rows:
    """Everything ever sent whose reference, name, address or registry ID fits."""
    require(actor, Permission.READ_DESK)
    start = query.upper().removeprefix("C-").removeprefix("A-").removeprefix("U-").lower()
    by_reference = Q(key__startswith=start) if len(start) >= 4 and set(start) <= set("0123456789abcdef") else Q(pk=None)
    named = Q(facts__name_zh__icontains=query) | Q(facts__name_en__icontains=query)
    registered = Q(persona__registration__registry_id=ids.canonical(query) or "-")
    cases = _all_cases(actor).annotate(key=Cast("pk", CharField())).filter(by_reference | Q(user__email__iexact=query))
    applications = personas.decidable_by(actor).annotate(key=Cast("pk", CharField())).filter(by_reference | named | registered)
    filed = by_reference | Q(name__icontains=query) | Q(public_name__icontains=query) | Q(uscc=codes.read(query).value or "-")
    found = organisations.decidable_by(actor).annotate(key=Cast("pk", CharField())).filter(filed)
    rows = [_keys(cases, Kind.CASE, "submitted_at"), _keys(applications, Kind.APPLICATION, "submitted_at")]
    return _together([*rows, _keys(found, Kind.ORGANISATION, "submitted_at")])


def _all_cases(actor: Actor) -> QuerySet[Case]:
    return Case.objects.filter(submitted_at__isnull=False).exclude(user=actor.id)


def _done_cases(actor: Actor) -> QuerySet[Case]:
    return _all_cases(actor).filter(decided_by__isnull=False)


def _done_applications(actor: Actor) -> QuerySet[Application]:
    return personas.decidable_by(actor).filter(state__in=DECIDED)


def _done_organisations(actor: Actor) -> QuerySet[Organisation]:
    return organisations.decidable_by(actor).filter(decided_at__isnull=False)


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
    filed = Organisation.objects.select_related("filed_by", "officer", "decided_by").in_bulk(
        [key["pk"] for key in wanted if key["kind"] == Kind.ORGANISATION]
    )
    for key in wanted:
        kind = Kind(key["kind"])
        item: Item | None = cases.get(key["pk"]) or applications.get(key["pk"]) or filed.get(key["pk"])
        if item is not None:
            yield _row(kind, item, key["since"], actor, now)


def _row(kind: Kind, item: Item, since: datetime, actor: Actor, now: datetime) -> Row:
    decider = item.decided_by or (item.officer if item.state in DECIDED else None)
    return Row(kind, item, since, ageing(now - since), lock_of(item, actor, now), decider.email if decider else "")
