"""The appeal against a rejection: the same case, another officer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.transitions import move
from verification import letters, queries
from verification.models import Case
from verification.services import person
from verification.states import MOVES, CaseState

TEXT = 2000  # characters


@transaction.atomic
def appeal(*, actor: Actor, text: str, now: datetime) -> Case:
    """Returns the actor's rejected case, now with the officers again; whoever rejected it may not decide it (PIPL art. 24, 50).

    Raises NotFound without a rejected case, Invalid without a text, Conflict when the time is over or it was appealed before.
    """
    require(actor, Permission.VERIFY_SELF)
    user = person.lock_own(actor)
    case = Case.objects.select_for_update(of=("self",)).select_related("data_key", "user").filter(user=user).order_by("-created_at").first()
    if case is None or case.state != CaseState.REJECTED:
        raise NotFound
    if not queries.appealable(case, now):
        raise Conflict(_("An appeal is possible once, within 30 days. You can start a new verification at any time."), code="appeal_over")
    if not text.strip():
        raise Invalid(errors={"text": _("Say in a few words why you think that the decision is wrong.")})
    risks = ["appealed", *(code for code in case.risks if code != "appealed")]
    again: dict[str, Any] = {"appealed_at": now, "rejected_by_id": case.decided_by_id, "decided_by_id": None, "decided_at": None}
    move(case, CaseState.REVIEW, MOVES, risks=risks, **again)
    case.appeal = text.strip()[:TEXT]
    case.save(update_fields=["appeal"])
    record(Event.CASE_APPEALED, actor=actor, subject=case, now=now)
    letters.tell(case, now=now)
    return case
