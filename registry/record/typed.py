"""What somebody typed into the search box: an ID in any spelling, an address or URN that holds one, or a name. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from registry.issuing import registry_id as ids

LONGEST = 200  # characters
_ADDRESS = re.compile(r"(?:https?://)?[^\s/]*/(?:r|badge)/([^\s/?#]+)", re.IGNORECASE)
_URN = re.compile(r"urn:vh:(\S+)", re.IGNORECASE)
_PRINTED = re.compile(r"vh[ -]|(vh)?[ -]?\w{4}[ -]\w{4}[ -]\w{4}$|vh(?=\w*\d)\w{12}$", re.IGNORECASE)
_ENDING = re.compile(r"\.(json|svg)$", re.IGNORECASE)


class Mistake(StrEnum):
    """Why what looks like an ID is none."""

    LETTER = "letter"
    LENGTH = "length"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Typed:
    """The text as it is searched for; the ID it is, if it is one; what is wrong with it, if it only looks like one."""

    text: str
    canonical: str | None = None
    mistake: Mistake | None = None


def read(query: str) -> Typed:
    """Returns what the query is. A bare word of twelve letters without a digit is a name, though it might pass for an ID."""
    text = " ".join(_printable(unicodedata.normalize("NFKC", query[:LONGEST])).split())
    held = _ADDRESS.match(text) or _URN.match(text)
    meant = _ENDING.sub("", held.group(1)) if held else text
    marked = bool(held) or bool(_PRINTED.match(meant))
    canonical = ids.canonical(meant)
    if canonical and (marked or any(letter.isdigit() for letter in meant)):
        return Typed(text, canonical)
    return Typed(text, mistake=_mistake(meant) if marked else None)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _mistake(text: str) -> Mistake:
    letters = re.sub(r"[\W_]", "", text.upper()).removeprefix("VH")
    if set(letters) - set(ids.ALPHABET) - set("ILO"):
        return Mistake.LETTER
    return Mistake.CHECK if len(letters) == ids.BODY + 1 else Mistake.LENGTH
