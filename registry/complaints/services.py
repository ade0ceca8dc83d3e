"""Taking a report, and closing it."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid
from portal.letters import services as letters
from registry.complaints import queries
from registry.complaints.letters import Kind
from registry.complaints.models import Report, Reporter
from registry.complaints.rules import HOLD_PLACED, OUTCOMES, REASONS
from registry.issuing.models import Registration


@transaction.atomic
def receive(
    *, actor: Actor, registration: Registration, reason: str, text: str, link: str, email: str, language: str, now: datetime
) -> Report:
    """Returns the new report. Anybody may report; who it was is not kept, but for the address they may leave.

    Raises Invalid for a reason that is none of `rules.REASONS`.
    """
    if reason not in REASONS:
        raise Invalid(errors={"reason": _("Choose one of the reasons listed.")})
    report = Report(registration=registration, reason=reason, text=text, link=link or None, language=language, received_at=now)
    report.save(force_insert=True)
    if email:
        Reporter(report=report, email=email).save(force_insert=True)
    record(Event.REPORT_RECEIVED, actor=actor, subject=report, now=now, about=reason)
    return report


@transaction.atomic
def close(*, actor: Actor, report_id: uuid.UUID, outcome: str, note: str, now: datetime) -> Report:
    """Closes a report and answers whoever left an address. Raises Conflict if another officer was faster, and Invalid for an
    outcome that is none, or that says there is a hold where there is none."""
    require(actor, Permission.DECIDE)
    report = queries.for_desk(actor, report_id)
    _true(report, outcome)
    moved = Report.objects.filter(pk=report.pk, closed_at=None).update(closed_at=now, outcome=outcome, closed_by=actor.user_id)
    if not moved:
        raise Conflict(code="closed_already")
    report.closed_at, report.outcome, report.closed_by_id, report.note = now, outcome, actor.user_id, note or None
    report.save(update_fields=["note"])
    record(Event.REPORT_CLOSED, actor=actor, subject=report, now=now, outcome=outcome)
    if Reporter.objects.filter(report=report).exists():
        letters.write(kind=Kind.ANSWERED, to=None, subject=report, now=now, language=report.language)
    return report


def _true(report: Report, outcome: str) -> None:
    if outcome not in OUTCOMES:
        raise Invalid(errors={"outcome": _("Choose a decision.")})
    if outcome == HOLD_PLACED and not queries.is_held_by_officers(report.registration):
        raise Invalid(errors={"outcome": _("No hold of the compliance office stands. Place it first, then close the report.")})
