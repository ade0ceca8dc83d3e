"""What a persona must be before it may be reviewed, and what a portrait's check says. Pure."""

import unicodedata
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

MIN_PORTRAITS, MAX_PORTRAITS = 2, 6
NAME_ZH, NAME_EN, DESCRIPTION, HANDLE = 40, 80, 2000, 80  # characters
MAX_CHECKS = 3  # beginnings; a picture that kills the machine goes to the officer unchecked
CLAIM_LIFE = timedelta(minutes=30)
APPEAL = _("You rejected this persona before. Another officer decides the appeal.")
GIVE_A_REASON = _("Choose at least one reason.")
SAY_WHICH = _("Write down which other reason.")
UNDER_REVIEW = _("An officer is looking at this persona. You can change this answer once they have decided.")
FULL = _("A persona has at most six portraits. Remove one before you add another.")


class Flag(StrEnum):
    """What an officer should look at. `as_text` has the words for the operator."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    CHECK_FAILED = "check_failed"
    NOT_NAMED_PERSON = "not_named_person"
    RESEMBLES_VERIFIED_PERSON = "resembles_verified_person"


OF_PICTURE = frozenset({Flag.NO_FACE, Flag.SEVERAL_FACES, Flag.CHECK_FAILED})
# An operator who read `resembles_verified_person` could ask the registry whom it knows, one photograph at a time.
OFFICER_ONLY = frozenset({Flag.RESEMBLES_VERIFIED_PERSON})

TO_OPERATOR: dict[Flag, Text] = {
    Flag.NO_FACE: _("We found no face in this picture. If it shows one, replace it with a larger or clearer one."),
    Flag.SEVERAL_FACES: _("There is more than one face in this picture. Replace it with one that shows the persona alone."),
    Flag.CHECK_FAILED: _("Our machine could not look at this picture. An officer will do it; you need not do anything."),
    Flag.NOT_NAMED_PERSON: _("This face does not look like the named person's. If that is a mistake, leave it: an officer decides."),
}
TO_OFFICER: dict[Flag, Text] = {
    Flag.NO_FACE: _("No face found"),
    Flag.SEVERAL_FACES: _("More than one face"),
    Flag.CHECK_FAILED: _("The machine could not check this picture"),
    Flag.NOT_NAMED_PERSON: _("Not the face of the named person"),
    Flag.RESEMBLES_VERIFIED_PERSON: _("Resembles a verified person"),
}

REASONS: dict[str, Text] = {
    "name_misleading": _("The name misleads, or is another's"),
    "description_unclear": _("The description does not say what the persona is"),
    "drive_mode_wrong": _("The way it is driven does not fit the rest"),
    "portraits_unclear": _("The portraits do not show the persona clearly"),
    "portrait_not_named_person": _("A portrait does not show the named person"),
    "resembles_real_person": _("The persona resembles a real person who has not agreed"),
    "licence_insufficient": _("The portrait licence does not cover what is asked for"),
    "handles_wrong": _("A name on a platform is not right"),
    "not_allowed_content": _("The persona is of a kind that may not be registered"),
    "other": _("Another reason; see the note"),
}


@dataclass(frozen=True, slots=True)
class Details:
    """A persona as its operator describes it."""

    name_zh: str = ""
    name_en: str = ""
    description: str = ""
    drive_mode: str = ""
    portrayed: str = ""
    platforms: tuple[str, ...] = ()
    handles: Mapping[str, str] = field(default_factory=dict)  # by platform


@dataclass(frozen=True, slots=True)
class ConsentEvidence:
    """What the consent room knows of the portrayed person's answer."""

    needed: bool
    granted: bool
    portrayed_user: uuid.UUID | None = None
    distance: float | None = None  # of the nearest portrait to that person's verified face


def operator_reference(operator_id: uuid.UUID) -> str:
    """Returns what stands for an operator where no real name is shown."""
    return f"O-{operator_id.hex[:8].upper()}"


def one_line(text: str) -> str:
    """Returns the text in NFC without control and format characters, its spaces collapsed."""
    return " ".join(_printable(text).split())


def several_lines(text: str) -> str:
    """Returns the text as `one_line` would, line by line; more than one empty line in a row becomes one."""
    lines = [one_line(line) for line in unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip()


def _printable(text: str) -> str:
    shown = (each for each in unicodedata.normalize("NFC", text) if _shown(each))
    return "".join(" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in shown)


def _shown(character: str) -> bool:
    # Format characters (bidirectional overrides, zero-width spaces) make two names look alike; the joiner holds emoji together.
    return unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn") or character == "\u200d"


def cleaned(details: Details) -> Details:
    """Returns the details as they may be stored: tidy texts, platforms once each, handles only where there is one."""
    return replace(
        details,
        name_zh=one_line(details.name_zh),
        name_en=one_line(details.name_en),
        description=several_lines(details.description),
        platforms=tuple(dict.fromkeys(details.platforms)),
        handles={code: one_line(handle) for code, handle in details.handles.items() if one_line(handle)},
    )


def problems(details: Details, *, platforms: Collection[str], drive_modes: Collection[str], portrayed: Collection[str]) -> dict[str, Text]:
    """Returns what is wrong with cleaned details, by field; the other arguments are what can be chosen."""
    found: dict[str, Text] = {}
    if not details.name_zh and not details.name_en:
        found["name_zh"] = _("Give the persona a name, in Chinese, in English or in both.")
    found |= {name: text for name, text in _too_long(details).items() if text}
    if details.drive_mode and details.drive_mode not in drive_modes:
        found["drive_mode"] = _("Choose one of the ways listed.")
    if details.portrayed and details.portrayed not in portrayed:
        found["portrayed"] = _("Choose one of the answers listed.")
    if set(details.platforms) - set(platforms):
        found["platforms"] = _("Choose among the platforms listed.")
    for code, handle in details.handles.items():
        if code not in details.platforms:
            found[f"handle_{code}"] = _("Tick the platform too, or leave the name empty.")
        elif len(handle) > HANDLE:
            found[f"handle_{code}"] = _at_most(HANDLE)
    return found


def _too_long(details: Details) -> dict[str, Text]:
    limits = {"name_zh": NAME_ZH, "name_en": NAME_EN, "description": DESCRIPTION}
    return {name: _at_most(limit) if len(getattr(details, name)) > limit else "" for name, limit in limits.items()}


def _at_most(limit: int) -> str:
    return str(_("Use at most %(limit)d characters.") % {"limit": limit})


def missing(
    details: Details, *, unchecked: int, portraits: int, operator: bool, creator: bool, evidence: ConsentEvidence
) -> dict[str, Text]:
    """Returns everything that keeps a persona from review, by the place where it is mended.

    `unchecked` of the `portraits` still wait for their check; `operator` and `creator` say whether the operator and the
    person who made the persona are verified.
    """
    checks: list[tuple[str, bool, Text]] = [
        ("name", not (details.name_zh or details.name_en), _("The persona has no name.")),
        ("description", not details.description, _("Describe the persona.")),
        ("drive_mode", not details.drive_mode, _("Say how the persona is driven.")),
        ("portrayed", not details.portrayed, _("Say whose face the persona shows.")),
        ("portraits", portraits < MIN_PORTRAITS, _("Add at least two portraits.")),
        ("portraits", portraits > MAX_PORTRAITS, _("Keep at most six portraits.")),
        ("unchecked", unchecked > 0, _("A portrait is still being checked. That takes a few seconds.")),
        ("operator", not operator, _("The operator's identity is not verified.")),
        ("identity", details.portrayed == "self" and operator and not creator, _("Verify your identity: the persona shows your own face.")),
        ("licence", details.portrayed == "other" and not evidence.granted, _("The portrayed person has not granted a licence.")),
    ]
    return {place: text for place, absent, text in checks if absent}


def flags_of_picture(faces: int) -> list[str]:
    """Returns the flags for the number of faces found in a portrait."""
    return [Flag.NO_FACE] if faces == 0 else [Flag.SEVERAL_FACES] if faces > 1 else []


def flags_of_likeness(*, portrayed: str, to_named: float | None, to_nearest: float | None, same_face: float) -> list[str]:
    """Returns the flags for a face's distances to the named person and to the nearest other verified person (None: not known)."""
    found: list[str] = []
    if portrayed != "nobody" and to_named is not None and to_named > same_face:
        found.append(Flag.NOT_NAMED_PERSON)
    if to_nearest is not None and to_nearest <= same_face:
        found.append(Flag.RESEMBLES_VERIFIED_PERSON)
    return found


def told_to_operator(flags: Collection[str]) -> list[Text]:
    """Returns the words for the operator; flags that only officers may know have none."""
    return [TO_OPERATOR[flag] for flag in Flag if flag in flags and flag not in OFFICER_ONLY]
