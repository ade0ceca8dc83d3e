"""The catalogue of errors, read from the classes that the programs' doors raise: what is not in the code is not in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Conflict, Invalid, PortalError, Text, TooMany, Unauthenticated
from registry.gate import server as _gate  # noqa: F401 - its errors are listed, though another process raises them

# Modules whose errors a program may be answered with; a package stands for everything in it.
DOORS = (
    *("portal.kit.errors", "portal.accounts.callers", "portal.api", "portal.feed", "portal.webhooks"),
    *("registry.api", "registry.gate", "registry.issuing.errors", "registry.statuslist"),
    *(f"registry.labels.{module}" for module in ("api", "applying", "callers", "forms", "writing")),
)
# What a class does not say itself: codes that are given to an error where it is raised (a test finds those that are missing
# here), and what to do about the widest ones.
NARROWED: tuple[tuple[type[PortalError], str, Text], ...] = (
    (Unauthenticated, "unauthenticated", _("Send “Authorization: Bearer …” with an API key.")),
    (Invalid, "invalid", _("“errors” names each member and what is wrong with it.")),
    (TooMany, "too_many", _("Wait as many seconds as Retry-After says.")),
    (Invalid, "not_json", _("The body is not a JSON object, or names a member twice.")),
    (Invalid, "parameters_invalid", _("A parameter is not known, is sent twice, or has a value that cannot be used.")),
    (Conflict, "delivery_waits", _("The delivery still waits to be sent. Look at the log again in a moment.")),
    (Conflict, "webhook_not_active", _("The address is not active: prove that it is yours first.")),
    (Conflict, "illegal_move", _("This step is not possible in the present state.")),
    (Conflict, "raced_move", _("Another request was faster. Read the thing again and look at its state.")),
    (TooMany, "quota_exceeded", _("The key has asked too often. Wait as many seconds as Retry-After says.")),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a program is answered: `help` says what to do, once for each meaning that the code has."""

    code: str
    status: int
    title: Text
    help: tuple[Text, ...]


def problems() -> list[Problem]:
    """Returns every error that the API or the gate can answer, by code."""
    found: dict[str, Problem] = {}
    for code, status, title, text in sorted(_all(), key=lambda row: (row[0], row[1])):
        known = found.get(code) or Problem(code, status, title, ())
        told = (text,) if text and str(text) not in map(str, known.help) else ()
        found[code] = Problem(code, known.status, known.title, (*known.help, *told))
    return list(found.values())


def _all() -> Iterator[tuple[str, int, Text, Text]]:
    for each in _below(PortalError):
        if f"{each.__module__}.".startswith(tuple(f"{door}." for door in DOORS)):
            yield each.code, each.status, each.title, each.help
    for kind, code, text in NARROWED:
        yield code, kind.status, kind.title, text


def _below(kind: type[PortalError]) -> Iterator[type[PortalError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
