"""The unified social credit code (GB 32100-2015). Pure: no register is asked."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

LENGTH = 18
# python-stdnum takes digits alone for the first two; the standard's registering authorities and kinds have letters too
# (A, N, Y: offices of the Communist Party, rural collectives, others), so only its check digit is used.
FORM = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")

PROBLEMS: dict[str, str | Promise] = {
    "code_missing": _("Enter the unified social credit code."),
    "code_length": _("A unified social credit code has 18 characters. Check that none is missing or doubled."),
    "code_characters": _("It has digits and capital letters without I, O, S, V and Z; characters 3 to 8 are digits."),
    "code_check_digit": _("The last character does not fit the others. Compare the code with the licence, character by character."),
}


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is kept, and what is wrong with it (or nothing)."""

    value: str
    problem: str = ""


def read(typed: str) -> Code:
    """Returns what was typed as it is kept (narrow, capital, without spaces and hyphens), with its problem."""
    value = re.sub(r"[\s\-‐-―・·.]", "", unicodedata.normalize("NFKC", typed)).upper()
    return Code(value, _problem(value))


def _problem(value: str) -> str:
    if not value:
        return "code_missing"
    if len(value) != LENGTH:
        return "code_length"
    if not FORM.fullmatch(value):
        return "code_characters"
    return "" if value[-1] == uscc.calc_check_digit(value[:-1]) else "code_check_digit"
