"""Asking the authority about a case: at once, again after a while, or never again."""

from datetime import datetime

from django.db.models import F

from verification import queries
from verification.engines.authority import choice
from verification.engines.authority import rules as authority
from verification.engines.authority.protocol import Answer, Question
from verification.models import Case, Purpose
from verification.reasons import REASONS, Kind
from verification.services.sight import Sight
from verification.states import CaseState


def asks() -> bool:
    """Returns whether this site asks an authority at all."""
    return choice.configured() is not None


def answer(case: Case, seen: Sight) -> Answer | None:
    """Returns what the authority says; None where none is configured, it does not know such documents, or the case goes back anyway.

    The selfie goes with the question only under a consent to just that, looked up at this moment (PIPL art. 23, 29).
    """
    asked = choice.configured()
    if asked is None or any(REASONS[code].kind is Kind.RETRY for code in seen.found):
        return None
    shared = asked.takes_face and seen.template is not None and _shares(case)
    face = case.selfie_image.read() if shared and case.selfie_image else b""
    question = Question(case.full_name or "", case.document_number or "", case.document_type, face)
    return asked.ask(question) if asked.accepts(question) else None


def _shares(case: Case) -> bool:
    return {Purpose.FACE, Purpose.SHARING} <= queries.consents(case.user_id)


def wait(case: Case, heard: Answer, *, now: datetime) -> bool:
    """Returns whether the case waits and the authority is asked again later. The wait is written down, and no try is lost by it."""
    tries = case.authority_tries + 1
    if not authority.asks_again(heard, tries=tries):
        return False
    waiting = Case.objects.filter(pk=case.pk, state=CaseState.PROCESSING)
    until = now + authority.backoff(tries, seed=str(case.pk))
    waiting.update(authority_tries=tries, waits_until=until, authority=str(heard.outcome), attempts=F("attempts") - 1)
    return True
