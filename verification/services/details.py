"""Checking what was typed from a document, field by field."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Invalid, Text
from verification import rules
from verification.engines import document
from verification.models import DocumentType

NAME_LONGEST = 80
_LETTERS = re.compile(r"[^\W\d_]")
_NOT_IN_A_NAME = re.compile(r"[\d_@#%&<>{}\[\]()\\/*+=|~^$!?;:\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Details:
    """Name, number and birth date as they are kept."""

    full_name: str
    number: str
    birth_date: date


def details(document_type: str, full_name: str, number: str, birth_date: date | None, *, today: date) -> Details:
    """Returns the details as they are kept. Raises Invalid with every problem found, by field."""
    errors: dict[str, Text] = {}
    if document_type not in DocumentType.values:
        raise Invalid(errors={"document_type": _("Choose the document you have at hand.")})
    name = " ".join(unicodedata.normalize("NFKC", full_name).split())
    if problem := name_problem(name):
        errors["full_name"] = problem
    read = document.read(document_type, number, today=today)
    if read.problem:
        errors["number"] = document.PROBLEMS[read.problem]
    typed = document_type in rules.BIRTH_TYPED and read.birth_date is None
    born = birth_date if typed else read.birth_date
    if (typed or not read.problem) and (problem := birth_problem(born, today)):
        errors["birth_date" if typed else "number"] = problem
    if errors or born is None:
        raise Invalid(errors=errors)
    return Details(name, read.value, born)


def name_problem(name: str) -> Text:
    """Returns what is wrong with a name; nothing if it can be one."""
    if len(_LETTERS.findall(name)) < 2:
        return _("Enter your full name as it is printed on the document.")
    if len(name) > NAME_LONGEST:
        return _("Enter at most 80 characters.")
    return _("Enter the name alone, without digits or signs.") if _NOT_IN_A_NAME.search(name) else ""


def birth_problem(born: date | None, today: date) -> Text:
    """Returns what is wrong with a birth date; nothing if a person of that age can be verified here."""
    if born is None:
        return _("Enter the date of birth as it stands on the document.")
    if not document.plausible(born, today):
        return _("This is not a possible date of birth. Compare it with the document.")
    if rules.age_on(today, born) < rules.LEAST_AGE:
        return _("A person under 16 cannot be verified here: the law does not allow a live account below that age.")
    return ""
