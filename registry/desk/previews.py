"""What the applicant will read: their own page's words, in their language, before the decision is taken."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

from portal.accounts.models import User
from registry.personas.models import Application
from registry.personas.rules import REASONS
from registry.personas.states import ApplicationState
from verification import queries as verification
from verification.models import Case
from verification.organisations import rules as organisations
from verification.organisations.models import Organisation
from verification.organisations.states import OrganisationState
from verification.reasons import explained
from verification.rules import LIMIT
from verification.states import CaseState

_HREF = re.compile(r'\shref="[^"]*"')


@dataclass(frozen=True, slots=True)
class Letter:
    """A page part in the applicant's language; its links lead nowhere."""

    language: str
    language_name: str
    html: SafeString


def to_applicant(request: HttpRequest, case: Case, verdict: str, reasons: list[str], note: str, now: datetime) -> Letter:
    """Returns what the status page will say of the case after this decision."""
    told = {"state": verdict, "note": note.strip(), "get_state_display": CaseState(verdict).label}
    context = {"case": told, "reasons": explained(reasons), "tries": verification.tries(case.user_id, now), "limit": LIMIT}
    context["appealable"] = verdict == CaseState.REJECTED and case.appealed_at is None
    return _letter(request, "desk/letter_case.html", context, case.user)


def to_operator(request: HttpRequest, application: Application, verdict: str, reasons: list[str], note: str) -> Letter:
    """Returns what the persona's page will say of the application after this decision."""
    stub = {"state": verdict, "note": note.strip()}
    view = {"links": {"application": stub}, "status": "active" if verdict == ApplicationState.APPROVED else None}
    context = {"view": view, "reasons": [REASONS[code] for code in reasons if code in REASONS], "verdict": verdict}
    return _letter(request, "desk/letter_application.html", context, application.submitted_by)


def to_filer(request: HttpRequest, organisation: Organisation, verdict: str, reasons: list[str], note: str) -> Letter:
    """Returns what the organisation's page will say after this decision."""
    label = OrganisationState(verdict).label
    told = {"pk": organisation.pk, "state": verdict, "note": note.strip(), "get_state_display": label}
    context = {"organisation": told, "reasons": organisations.texts(reasons), "owner": True, "files": True}
    return _letter(request, "desk/letter_organisation.html", context, organisation.filed_by)


def language_of(reader: User | None) -> str:
    """Returns the name, in itself, of the language in which the reader will read."""
    return str(get_language_info(_language(reader))["name_local"])


def _language(reader: User | None) -> str:
    return (reader.language if reader else "") or translation.get_language() or "en"


def _letter(request: HttpRequest, template: str, context: dict[str, Any], reader: User | None) -> Letter:
    language = _language(reader)
    with translation.override(language):
        html = render_to_string(template, context, request)
    # The links of the applicant's page are the applicant's.
    return Letter(language, language_of(reader), mark_safe(_HREF.sub("", html)))  # noqa: S308 - a rendered template without its links
