"""The trail of an item, in words. Looks at evidence that follow one another stand on one line."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _

from portal.access.actor import Actor, Kind
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.audit.queries import trail_of
from portal.audit.services import Subject
from registry.desk import wording
from registry.issuing.models import Act, Party


@dataclass(frozen=True, slots=True)
class Line:
    """What happened, when, by whom, and what is worth telling of it."""

    title: str
    at: datetime
    who: str
    text: str


def lines(actor: Actor, *subjects: Subject) -> list[Line]:
    """Returns the trail of the subjects, the latest first."""
    entries = list(trail_of(*subjects).order_by("-id"))
    names = dict(User.objects.filter(pk__in={entry.actor_id for entry in entries if entry.actor_id}).values_list("pk", "email"))
    return [_line(list(group), actor, names) for _key, group in groupby(entries, key=_together)]


def _together(entry: Entry) -> tuple[object, ...]:
    return (entry.event, entry.actor_id) if entry.event == Event.EVIDENCE_VIEWED else (entry.pk,)


def _line(entries: Sequence[Entry], actor: Actor, names: dict[uuid.UUID, str]) -> Line:
    entry = entries[0]
    title = Event(entry.event).label if entry.event in Event.values else entry.event
    text = _looks(entries) if entry.event == Event.EVIDENCE_VIEWED else _told(entry)
    return Line(str(title), entry.at, _who(entry, actor, names), text)


def _who(entry: Entry, actor: Actor, names: dict[uuid.UUID, str]) -> str:
    if actor.is_user(entry.actor_id):
        return _("You")
    if entry.actor_id:
        return names.get(entry.actor_id, _("An account that was deleted"))
    return _("The machine") if entry.actor_kind == Kind.SYSTEM else _("Somebody who was not signed in")


def _looks(entries: Iterable[Entry]) -> str:
    seen = dict.fromkeys(str(wording.slot(entry.data.get("slot", ""))) for entry in reversed(list(entries)))
    return _(", ").join(text for text in seen if text)


def _told(entry: Entry) -> str:
    codes = [*entry.data.get("reasons", []), *([entry.data["reason"]] if "reason" in entry.data else [])]
    party = entry.data.get("party")
    told = [str(Party(party).label)] if party in Party.values else []
    told += [str(Act(entry.data["act"]).label)] if entry.data.get("act") in Act.values else []
    told += [str(entry.data["after"] or "–")] if entry.event == Event.NATIONAL_CODE_SET else []
    return " · ".join([*told, *(str(wording.reason(code)) for code in codes)])
