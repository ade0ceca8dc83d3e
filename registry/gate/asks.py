"""Reading a platform's question: strict, so that a typing error is never taken for a smaller question."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Invalid, PortalError, Text
from portal.kit.members import members_of
from registry.issuing import registry_id
from registry.issuing.errors import IdMalformed
from registry.issuing.verdict import Ask

MAX_BYTES = 16 * 1024
ACTIVITIES = ("live", "upload")
_REQUIRED, _OPTIONAL = ("registry_id", "platform", "activity"), ("purpose", "territory")
_LONGEST = 64


class TooLarge(PortalError):
    """The body is larger than any question is."""

    code = "too_large"
    status = 413
    title = _("The request body is too large")
    help = _("A check needs less than 16 KiB.")


@dataclass(frozen=True, slots=True)
class Question:
    """A well-formed question: which persona (canonical ID), and what it wants to do."""

    registry_id: str
    ask: Ask


def read(body: bytes) -> Question:
    """Returns the question. Raises Invalid naming every wrong member, or IdMalformed."""
    if len(body) > MAX_BYTES:
        raise TooLarge
    members = members_of(body)
    errors = {name: problem for name in members if (problem := _problem(name, members[name]))}
    errors |= {name: _("This member is required.") for name in _REQUIRED if name not in members}
    if errors:
        raise Invalid(_("The question has members that cannot be used."), errors=errors)
    canonical = registry_id.canonical(members["registry_id"])
    if canonical is None:
        raise IdMalformed
    return Question(canonical, Ask(members["platform"], members["activity"], members.get("purpose"), members.get("territory")))


def _problem(name: str, value: object) -> Text | None:
    if name not in _REQUIRED + _OPTIONAL:
        return _("This member is not known.")
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not value.isprintable():
        return _("This must be a text of 1 to 64 characters.")
    if name == "activity" and value not in ACTIVITIES:
        return _("This must be “live” or “upload”.")
    return None
