"""The 27 characters that name a provider (TC260-PG-20252A). Pure.

`00` for the form, `1` an organisation, `1` bound to the unified social credit code, its 18 characters, and five of extension:
the service (1 generation, 2 propagation) with a four-character code of the model or application, or `00000` if unused. The
standard leaves the model's code to the provider, so we never invent one.
"""

import re
from dataclasses import dataclass

from verification.organisations import codes

LENGTH = 27
PREFIX = "0011"
UNUSED = "00000"
_EXTENSION = re.compile(r"[12][0-9A-Z]{4}|0{5}")


@dataclass(frozen=True, slots=True)
class ProviderCode:
    """What a well-formed provider code says."""

    uscc: str
    service: str  # "1" generation, "2" propagation, "" unused
    model: str


def compose(uscc: str, extension: str = UNUSED) -> str:
    """Returns the code of the organisation with this credit code, which the caller knows to be verified.

    Raises ValueError for a credit code whose check digit does not fit, and for an impossible extension.
    """
    if codes.read(uscc).problem or codes.read(uscc).value != uscc or not _EXTENSION.fullmatch(extension):
        raise ValueError(uscc, extension)
    return PREFIX + uscc + extension


def read(text: str) -> ProviderCode | None:
    """Returns the parts of a provider code; None if this is none, or its credit code's check digit does not fit."""
    uscc, extension = text[len(PREFIX) : -len(UNUSED)], text[-len(UNUSED) :]
    well_formed = len(text) == LENGTH and text.startswith(PREFIX) and _EXTENSION.fullmatch(extension)
    if not well_formed or codes.read(uscc).value != uscc or codes.read(uscc).problem:
        return None
    return ProviderCode(uscc, "", "") if extension == UNUSED else ProviderCode(uscc, extension[0], extension[1:])


def looks_like_one(text: str) -> bool:
    """Returns whether the text has the length and beginning of a provider code, right or wrong."""
    return len(text) == LENGTH and text.startswith("00") and text.isalnum()
