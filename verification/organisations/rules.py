"""When an organisation counts and who answers for it, with the limits of this room. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verification import rules as limits

Text = str | Promise

# Enterprises publish their report once a year (Interim Regulations on Enterprise Information Disclosure, art. 8).
VALID = timedelta(days=365)
RENEW = timedelta(days=60)  # how long before its end a verification can be filed again
CLAIM = timedelta(minutes=30)
UNDER_WAY = 3  # filings of one account that are not finished
NAME = 100  # characters
INVITATION_LIFE = timedelta(days=7)
MANDATE_LONGEST = timedelta(days=1096)  # three years; then the organisation says again whom it sends
DAILY_MAILS = 20  # of one organisation: the addresses may be strangers'
REGISTRY_ZONE = timezone(timedelta(hours=8), "CST")  # a licence's last day ends in China

# What an officer may say; the filer reads these.
REASONS: dict[str, Text] = {
    "licence_unreadable": _("The licence cannot be read. Take the picture again, with all four corners and no reflections."),
    "licence_expired": _("The licence has run out. Send the one that is valid now."),
    "facts_differ": _("Name, code or legal representative are not those on the licence. Type them as they are printed."),
    "letter_missing": _("The mandate letter cannot be read, or bears neither seal nor signature."),
    "letter_wrong": _("The mandate letter names another person or another organisation."),
    "code_unknown": _("The public register of enterprises does not list this code under this name."),
    "licence_not_genuine": _("We could not verify the licence."),
    "not_an_agent": _("We could not verify that you act for this organisation."),
    "organisation_closed": _("The public register says that the organisation is closed, or that its licence was revoked."),
}
STEP_OF = {"licence_unreadable": "licence", "letter_missing": "letter", "letter_wrong": "letter"}  # any other: the details
TO_CHANGE = ("licence_unreadable", "licence_expired", "facts_differ", "letter_missing", "letter_wrong", "code_unknown")
TO_REJECT = ("code_unknown", "licence_not_genuine", "not_an_agent", "organisation_closed")
TO_REVOKE = ("organisation_closed", "licence_not_genuine", "not_an_agent")


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody with a standing mandate: until when it runs (None: until it is withdrawn), until when they are verified, and
    when they were last: first, or again since.

    `verified_until` is None for whoever never was verified, whose identity was revoked, or who is under age.
    """

    mandate_until: datetime | None
    verified_until: datetime | None
    confirmed_at: datetime | None = None


def answers_until(organisation_until: datetime | None, agents: Iterable[Agent]) -> datetime | None:
    """Returns until when the organisation answers: while it is verified and one agent is, under a mandate that stands.

    None where nobody answers: the organisation never was verified or is revoked, or no agent is a verified adult. Each
    agent counts until the earliest end of the three; another one may carry on after it.
    """
    if organisation_until is None:
        return None
    return max((end for agent in agents if (end := _end(organisation_until, agent))), default=None)


def reverify_by(organisation_until: datetime | None, agents: Iterable[Agent]) -> datetime | None:
    """Returns until when an organisation may sell live before one of its agents confirms their identity again; None where
    nobody answers.

    Order 117 asks for the operator's identity every six months: an organisation is known by those who act for it, and the
    latest of them counts, as long as they answer (`answers_until`). A mandate that ends takes the confirmation with it.
    """
    answering = ((agent, answers_until(organisation_until, [agent])) for agent in agents)
    ends = [min(end, limits.reverify_by(agent.confirmed_at)) for agent, end in answering if end and agent.confirmed_at]
    return max(ends, default=None)


def _end(organisation_until: datetime, agent: Agent) -> datetime | None:
    if agent.verified_until is None:
        return None
    ends = [organisation_until, agent.verified_until, *([agent.mandate_until] if agent.mandate_until else [])]
    return min(ends)


def valid_until(licence_until: date | None, now: datetime) -> datetime:
    """Returns the end of a verification decided at `now`: a year, or the end of the licence's last day if that is earlier."""
    end = now + VALID
    if licence_until is None:
        return end
    return min(end, datetime.combine(licence_until + timedelta(days=1), time.min, REGISTRY_ZONE).astimezone(UTC))


def choices(verdict: str) -> tuple[str, ...]:
    """Returns the reasons an officer may give for a verdict; none for a verification."""
    return {"changes_requested": TO_CHANGE, "rejected": TO_REJECT}.get(verdict, ())


def steps_asked(codes: Iterable[str]) -> list[str]:
    """Returns the steps that these reasons ask for again, in the filing's order."""
    asked = {STEP_OF.get(code, "details") for code in codes}
    return [step for step in ("details", "licence", "letter") if step in asked]


def texts(codes: Iterable[str], step: str = "") -> list[Text]:
    """Returns the words of these reasons, of one step alone if it is named; a code from an older list is left out."""
    return [REASONS[code] for code in codes if code in REASONS and step in ("", STEP_OF.get(code, "details"))]


def today(now: datetime) -> date:
    """Returns the day it is in China at `now`: a licence or a mandate ends with its last day there."""
    return now.astimezone(REGISTRY_ZONE).date()


def last_day(end: datetime) -> date:
    """Returns the last day before the moment at which a term ends."""
    return (end - timedelta(microseconds=1)).astimezone(REGISTRY_ZONE).date()


def parts_missing(*, described: bool, licence: bool, letter: bool, represents: bool) -> list[str]:
    """Returns the steps of a filing that are still to be done, in their order; a legal representative needs no letter."""
    done = {"details": described, "licence": licence, "letter": letter or represents}
    return [step for step, finished in done.items() if not finished]


def tidy(text: str) -> str:
    """Returns a name in NFKC on one line, without the format characters that make two names look alike."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(each for each in plain if each.isspace() or unicodedata.category(each)[0] != "C").split())


def name_problem(name: str) -> Text:
    """Returns what is wrong with the tidied name of an organisation or of who represents it; nothing if it can be one."""
    if sum(each.isalpha() for each in name) < 2:
        return _("Enter the name as it is printed on the licence.")
    return _("Enter at most 100 characters.") if len(name) > NAME else ""
