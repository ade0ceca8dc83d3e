"""Facts in plain words, for officers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.desk.rules import Text
from registry.issuing import grounds
from registry.personas import rules as personas
from registry.personas.models import DriveMode, Portrayed
from verification.guardians import rules as guardians
from verification.organisations import rules as organisations
from verification.reasons import REASONS, Kind
from verification.rules import DOUBT, SAME_FACE

_FIELDS: dict[str, Text] = {
    "name_zh": gettext_lazy("Name in Chinese"),
    "name_en": gettext_lazy("Name in English"),
    "description": gettext_lazy("Description"),
    "drive_mode": gettext_lazy("Moved by"),
    "portrayed": gettext_lazy("Whose face"),
    "platforms": gettext_lazy("Platforms"),
    "handles": gettext_lazy("Names on the platforms"),
}
_SLOTS: dict[str, Text] = {
    "document": gettext_lazy("document"),
    "document_back": gettext_lazy("back of the document"),
    "recording": gettext_lazy("movements"),
    "selfie": gettext_lazy("selfie"),
    "licence": gettext_lazy("licence"),
    "letter": gettext_lazy("mandate letter"),
    "details": gettext_lazy("what is hidden without a claim"),
    "proof": gettext_lazy("proof of the guardianship"),
    "person": gettext_lazy("who the person is"),
}
_TONES = {Kind.REVIEW: "warn", Kind.RETRY: "warn", Kind.FINAL: "bad", Kind.NOTE: "info"}


@dataclass(frozen=True, slots=True)
class Likeness:
    """A distance between two faces, with what it means."""

    tone: str
    text: str
    distance: float | None
    same: float = SAME_FACE
    doubt: float = DOUBT


def likeness(distance: float | None) -> Likeness:
    """Returns what a distance between two faces means."""
    if distance is None:
        return Likeness("off", _("No faces were compared. Compare them by eye."), None)
    if distance <= SAME_FACE:
        return Likeness("ok", _("The machine takes the two faces for the same person."), distance)
    if distance <= DOUBT:
        return Likeness("warn", _("The machine is in doubt: the faces are alike, but not alike enough. Compare them by eye."), distance)
    return Likeness("bad", _("The machine takes the two faces for different people. Compare them by eye."), distance)


def scale(found: Likeness) -> str:
    """Returns the figure and the limits it is measured by; empty where nothing was compared."""
    if found.distance is None:
        return ""
    words = _("Distance %(distance)s. Up to %(same)s: the same person. Up to %(doubt)s: in doubt. Above: different people.")
    figures = {"distance": found.distance, "same": found.same, "doubt": found.doubt}
    return words % {name: number_format(round(figure, 2), 2) for name, figure in figures.items()}


def risks(codes: Iterable[str]) -> list[tuple[str, Text]]:
    """Returns (tone, text) for each risk of a case, what needs a look first."""
    known = [REASONS[code] for code in codes if code in REASONS]
    return [(_TONES[each.kind], each.internal) for each in sorted(known, key=lambda each: each.kind is Kind.NOTE)]


def field(name: str) -> Text:
    """Returns the label of a fact of a persona."""
    return _FIELDS.get(name, name)


def value(name: str, stored: Any, platforms: Mapping[str, str]) -> str:
    """Returns a stored fact of a persona as people read it."""
    if name in ("drive_mode", "portrayed"):
        choices = DriveMode.choices if name == "drive_mode" else Portrayed.choices
        return str(dict(choices).get(stored, stored))
    if name == "handles":
        return "\n".join(f"{platforms.get(code, code)}: {handle}" for code, handle in dict(stored or {}).items())
    if name == "platforms":
        return _(", ").join(platforms.get(code, code) for code in stored)
    return str(stored)


def reason(code: str) -> Text:
    """Returns the text of any coded reason the desk gives or reads; an unknown code stays as it is."""
    if code in REASONS:
        return REASONS[code].internal
    held = {key: text for party in grounds.HOLD.values() for key, text in party.items()}
    others = {**organisations.REASONS, **guardians.REFUSALS}
    return {**personas.REASONS, **grounds.REVOCATION, **grounds.PROHIBITION, **held, **others}.get(code, code)


def slot(name: str) -> Text:
    """Returns which evidence was looked at."""
    return _SLOTS.get(name, name)
