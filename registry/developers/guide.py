"""The developers' guide: from a key to a verified certificate. Its commands are filled in, and tests run them as they stand."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from portal.accounts.doors import PortalRequest
from portal.feed.types import EventType
from portal.kit import clock
from portal.kit.outcome import Refused
from registry.developers import catalogue, steps, wording
from registry.issuing import registry_id as ids
from registry.issuing.reasons import REASONS, Reason
from registry.issuing.verdict import Ask, verdict
from registry.sandbox import events as sandbox_events
from registry.sandbox import signing
from registry.sandbox.cast import ALLOWED, BY_ID, PERSONAS, Persona
from registry.sandbox.certificates import PLATFORM
from registry.sandbox.wording import MEANINGS, TROUBLES

SCRIPT = settings.BASE_DIR / "docs" / "verify_offline.py"
REVOKED = BY_ID["TESTREV0KEDB"]


@dataclass(frozen=True, slots=True)
class Row:
    """A persona of the sandbox as the table shows it: what it is, and what the verdict says now to either activity."""

    registry_id: str
    meaning: wording.Text
    live: tuple[Reason, ...]
    upload: tuple[Reason, ...]
    certified: bool


def _shown(request: HttpRequest, template: str, **more: Any) -> HttpResponse:
    """Every page knows the addresses and IDs that its commands name."""
    filled = {
        "site": settings.SITE_URL,
        "gate_url": settings.GATE_URL,
        "issuer": signing.issuer(),
        "allowed_id": ids.printed(ALLOWED.registry_id),
        "revoked_id": ids.printed(REVOKED.registry_id),
    }
    return render(request, f"developers/{template}.html", filled | more)


@require_safe
def landing(request: PortalRequest) -> HttpResponse:
    """Returns the four steps, ticked for whoever has made them."""
    return _shown(request, "landing", steps=steps.of(request.actor))


@require_safe
def quickstart(request: PortalRequest) -> HttpResponse:
    """Returns the first check, in the name of the reader's own platform if they have one."""
    return _shown(request, "quickstart", steps=steps.of(request.actor))


@require_safe
def sandbox(request: HttpRequest) -> HttpResponse:
    """Returns every persona of the sandbox with the decision that the verdict gives now."""
    troubles = [(ids.printed(code), text) for code, text in TROUBLES.items()]
    return _shown(request, "sandbox", rows=[_row(each) for each in PERSONAS], troubles=troubles)


def _row(persona: Persona) -> Row:
    facts, now = persona.facts(PLATFORM, clock.now()), clock.now()

    def reasons(activity: str) -> tuple[Reason, ...]:
        outcome = verdict(facts, Ask(PLATFORM, activity), now)
        return tuple(REASONS[code] for code in outcome.reasons) if isinstance(outcome, Refused) else ()

    meaning = MEANINGS[persona.registry_id]
    return Row(ids.printed(persona.registry_id), meaning, reasons("live"), reasons("upload"), facts is not None)


@require_safe
def webhooks(request: PortalRequest) -> HttpResponse:
    """Returns how a receiver proves itself and checks what it is sent."""
    return _shown(request, "webhooks_guide", steps=steps.of(request.actor))


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Returns how a certificate and its status are verified."""
    return _shown(request, "certificates_guide", script=SCRIPT.read_text())


@require_safe
def verify_offline(request: HttpRequest) -> HttpResponse:
    """Returns the script that verifies without asking us."""
    response = HttpResponse(SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, SCRIPT.name) or "attachment"
    return response


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """Returns every error and every reason of a refusal, as the code has them."""
    return _shown(request, "errors", problems=catalogue.problems(), reasons=REASONS.values())


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Returns every type of event with an example."""
    now = clock.now()
    shown = [(each.value, wording.EVENTS[each], _example(each, now)) for each in EventType]
    return _shown(request, "events", events=shown, feed_url=settings.SITE_URL + reverse("feed:changes"))


def _example(kind: EventType, now: datetime) -> str:
    return json.dumps(sandbox_events.payload(kind, ALLOWED.registry_id, now), indent=2)
