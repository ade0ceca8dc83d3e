"""The terms of a licence and how they may change: they are only ever narrowed. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.consent.territories import TERRITORIES, WORLD

Text = str | Promise

INVITATION_LIFE = timedelta(days=7)
ANSWER_LIFE = timedelta(days=30)  # from the opening of the invitation
MAX_MAILINGS = 5  # of one invitation: the address may be a stranger's
MAILING_GAP = timedelta(minutes=2)
DAILY_MAILS = 20  # of one operator: an invitation taken back and written anew is no way around MAX_MAILINGS
MAX_NOTICE_DAYS = 365
LISTS = ("media", "purposes", "platforms", "territories")
SWITCHES = ("voice", "computed_driving")


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be done with a likeness. A blank is not granted (Civil Code art. 1021: doubt is read for the portrayed person).

    Without `starts_on` they hold from the grant; without `ends_on` until somebody ends them (art. 1022).
    """

    media: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None  # the last day, inclusive
    voice: bool = False
    computed_driving: bool = False
    notice_days: int = 0  # for settling accounts between the parties; a withdrawal stops the use at once

    def ordered(self) -> "Terms":
        """Returns the same terms with every list sorted and without repetitions; the whole world swallows its parts."""
        lists: dict[str, Any] = {name: tuple(sorted(set(getattr(self, name)))) for name in LISTS}
        if WORLD in lists["territories"]:
            lists["territories"] = (WORLD,)
        return replace(self, **lists)


def items(terms: Terms) -> dict[str, Any]:
    """Returns the terms by field, as they are."""
    return {each.name: getattr(terms, each.name) for each in fields(terms)}


def columns(terms: Terms) -> dict[str, Any]:
    """Returns the terms by column of a licence."""
    return {name: list(value) if name in LISTS else value for name, value in items(terms).items()}


def starting(terms: Terms, today: date) -> Terms:
    """Returns the terms, beginning today at the earliest: a grant does not reach back."""
    return replace(terms, starts_on=max(terms.starts_on or today, today))


def as_json(terms: Terms) -> dict[str, Any]:
    """Returns the terms for a JSON column."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in columns(terms).items()}


def from_json(stored: dict[str, Any]) -> Terms:
    """Returns the terms of a JSON column; what is not named there is blank."""
    known = {each.name: stored[each.name] for each in fields(Terms) if stored.get(each.name) is not None}
    lists: dict[str, Any] = {name: tuple(known[name]) for name in LISTS if name in known}
    dates = {name: date.fromisoformat(known[name]) for name in ("starts_on", "ends_on") if name in known}
    known |= lists | dates
    return Terms(**known).ordered()


def covers_territory(granted: Collection[str], asked: str) -> bool:
    """Returns whether a territory lies in the granted ones."""
    return WORLD in granted or asked in granted


def problems(
    terms: Terms, *, today: date, media: Collection[str], purposes: Collection[str], platforms: Collection[str]
) -> dict[str, Text]:
    """Returns what is wrong with terms by themselves, by field; the collections are what can be chosen."""
    known: dict[str, Collection[str]] = {"media": media, "purposes": purposes, "platforms": platforms, "territories": TERRITORIES}
    found: dict[str, Text] = {}
    for name in LISTS:
        chosen = set(getattr(terms, name))
        if not chosen:
            found[name] = _("Choose at least one: what is left blank is not allowed.")
        elif chosen - set(known[name]):
            found[name] = _("Choose among what is listed.")
    if terms.starts_on and terms.ends_on and terms.ends_on < terms.starts_on:
        found["ends_on"] = _("The last day lies before the first day.")
    elif terms.ends_on and terms.ends_on < today:
        found["ends_on"] = _("The last day has passed already.")
    if not 0 <= terms.notice_days <= MAX_NOTICE_DAYS:
        found["notice_days"] = _("Enter a number of days from 0 to 365.")
    return found


def narrowed(proposed: Terms, asked: Terms) -> dict[str, Text]:
    """Returns every field in which `asked` goes beyond `proposed`, with a text; empty if it is the same or less."""
    lists = ("media", "purposes", "platforms")
    found: dict[str, Text] = {name: _BEYOND for name in lists if set(getattr(asked, name)) - set(getattr(proposed, name))}
    if not all(covers_territory(proposed.territories, each) for each in asked.territories):
        found["territories"] = _BEYOND
    if proposed.starts_on and (asked.starts_on is None or asked.starts_on < proposed.starts_on):
        found["starts_on"] = _("The first day cannot be earlier than proposed.")
    if proposed.ends_on and (asked.ends_on is None or asked.ends_on > proposed.ends_on):
        found["ends_on"] = _("The last day cannot be later than proposed.")
    found |= {name: _BEYOND for name in SWITCHES if getattr(asked, name) and not getattr(proposed, name)}
    if asked.notice_days > proposed.notice_days:
        found["notice_days"] = _("This cannot be more than proposed.")
    return found


_BEYOND = _("This was not proposed. You can allow less, not more.")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is known when a person's face is compared with a persona's portraits."""

    verified: bool
    adult: bool
    unchecked: int
    faces: int
    distance: float | None  # None: nothing to compare with


def refusals(likeness: Likeness, *, same_person: float) -> list[str]:
    """Returns why the person cannot answer for the face in the pictures; empty if they can.

    Without a template (the person was verified by an officer, without face comparison: Facial Recognition Measures
    art. 10) nothing is compared here; the officer who reviews the persona does it.
    """
    checks = [
        ("identity_missing", not likeness.verified),
        ("under_age", likeness.verified and not likeness.adult),
        ("portraits_unchecked", likeness.unchecked > 0),
        ("no_face_in_portraits", likeness.unchecked == 0 and likeness.faces == 0),
        ("face_mismatch", likeness.distance is not None and likeness.distance > same_person),
    ]
    return [code for code, applies in checks if applies][:1]


REFUSALS: dict[str, Text] = {
    "identity_missing": _("Verify your identity first; then come back to this page."),
    "under_age": _("You must be 18 to license your own likeness. Please decline, or ask the registry what your guardian can do."),
    "portraits_unchecked": _("The pictures are still being checked. Try again in a few seconds."),
    "no_face_in_portraits": _("Our machine finds no face in these pictures. Ask the operator for clearer ones, then come back."),
    "face_mismatch": _(
        "Your verified face does not look like the face in these pictures. If they do not show you, decline. If they do, ask the"
        " operator for clearer pictures of your face, then compare again."
    ),
}
