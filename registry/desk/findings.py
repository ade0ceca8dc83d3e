"""What the machine wrote down of a case, made readable: the document beside what was typed, the movements, the authority."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.vault.models import Erased
from registry.desk.rules import Text, masked
from verification.models import Case

FIELDS: dict[str, str | Promise] = {
    "name": pgettext_lazy("of a person", "Name"),
    "number": _("Number"),
    "birth_date": _("Born"),
    "sex": _("Sex"),
    "expiry": _("Valid until"),
    "issued": _("Issued"),
    "nationality": _("Nationality"),
    "ethnicity": _("Ethnicity"),
    "address": _("Address"),
}
VERDICTS: dict[str, tuple[str, str | Promise]] = {
    "same": ("ok", _("The same")),
    "close": ("warn", _("Almost the same")),
    "differs": ("bad", _("Differs")),
    "unread": ("off", _("Not read")),
}
AUTHORITY: dict[str, tuple[str, str | Promise]] = {
    "match": ("ok", _("The authority knows this name with this number.")),
    "mismatch": ("bad", _("The authority knows the number under another name.")),
    "not_found": ("bad", _("The authority does not know the number.")),
    "unavailable": ("warn", _("The authority did not answer.")),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of the document: what was typed, what was read from it, and how the two agree."""

    label: Text
    typed: str
    read: str
    tone: str
    verdict: Text


@dataclass(frozen=True, slots=True)
class Findings:
    """What the machine found in a case; empty where it looked at nothing."""

    compared: list[Compared]
    also: list[tuple[Text, str]]
    steps: list[dict[str, Any]]
    authority: tuple[str, Text] | None
    reference: str


def of_case(case: Case, *, plain: bool) -> Findings:
    """Returns the findings, personal values hidden unless `plain`."""
    told = _stored(case)
    show = str if plain else masked
    compared = [_compared(each, show) for each in told.get("compared", [])]
    also = [(FIELDS.get(name, name), show(value)) for name, value in told.get("also", {}).items() if value]
    return Findings(compared, also, told.get("steps", []), AUTHORITY.get(case.authority), case.authority_reference)


def _stored(case: Case) -> Mapping[str, Any]:
    try:
        told: Mapping[str, Any] = json.loads(case.findings or "{}")
    except Erased:
        return {}
    return told


def _compared(told: Mapping[str, str], show: Any) -> Compared:
    tone, verdict = VERDICTS.get(told["verdict"], ("off", told["verdict"]))
    return Compared(FIELDS.get(told["field"], told["field"]), show(told["typed"]), show(told["read"]), tone, verdict)
