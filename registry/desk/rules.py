"""The queue's tabs, clocks and locks. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

PAGE = 20
SLOW = timedelta(hours=24)  # from here on the queue says that somebody has waited long
OVERDUE = timedelta(hours=72)
NEXT_TRIES = 20  # how many items "claim next" looks at when other officers are faster
NOTE = 2000  # characters
CHOOSE = _("Choose a decision.")


class Kind(StrEnum):
    """What lies on the desk."""

    CASE = "case"
    APPLICATION = "application"
    ORGANISATION = "organisation"


class Tab(StrEnum):
    """A view of the queue."""

    ALL = "all"
    MINE = "mine"
    CASES = "cases"
    APPLICATIONS = "applications"
    ORGANISATIONS = "organisations"
    DONE = "done"


TABS: dict[Tab, Text] = {
    Tab.ALL: _("All waiting"),
    Tab.MINE: _("Mine"),
    Tab.CASES: _("Cases"),
    Tab.APPLICATIONS: _("Applications"),
    Tab.ORGANISATIONS: _("Organisations"),
    Tab.DONE: _("Done"),
}
NOTHING: dict[Tab, tuple[Text, Text]] = {
    Tab.ALL: (_("Nothing waits"), _("Every case and application is decided. New ones appear here, the oldest first.")),
    Tab.MINE: (_("You have claimed nothing"), _("Claim the next item, or open one of the list and claim it there.")),
    Tab.CASES: (_("No case waits"), _("Real-name cases come here when the machine is in doubt.")),
    Tab.APPLICATIONS: (_("No application waits"), _("Personas come here when their operators send them to review.")),
    Tab.ORGANISATIONS: (_("No organisation waits"), _("Organisations come here when their filers send them; no machine decides them.")),
    Tab.DONE: (_("Nothing decided yet"), _("What officers decide is kept here, the latest first.")),
}


@dataclass(frozen=True, slots=True)
class Lock:
    """Who works on an item, until when; `holder` is empty while nobody does."""

    holder: str = ""
    mine: bool = False
    until: datetime | None = None
    stands: bool = False

    @property
    def held(self) -> bool:
        """Whether the reader holds it now: only then is it decided and is evidence open."""
        return self.mine and self.stands

    @property
    def taken(self) -> bool:
        """Whether somebody else holds it now."""
        return self.stands and not self.mine

    @property
    def ran_out(self) -> bool:
        """Whether the reader held it until the time was over."""
        return self.mine and not self.stands


def ageing(waiting: timedelta) -> str:
    """Returns the tone in which the queue says how long somebody has waited."""
    if waiting >= OVERDUE:
        return "bad"
    return "warn" if waiting >= SLOW else "off"


def masked(text: str) -> str:
    """Returns the text with all but its first and last characters hidden; of a long one two are left at the end."""
    if len(text) <= 2:
        return text[:1] + "•" * (len(text) - 1)
    head, tail = (3, 2) if len(text) >= 8 else (1, 0)
    return text[:head] + "•" * (len(text) - head - tail) + text[len(text) - tail :]
