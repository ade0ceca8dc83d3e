"""The way without a face: one officer arranges a meeting and notes it, another one decides (Facial Recognition Measures art. 10)."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid, Text
from verification import letters, queries, rules
from verification.models import Case, Meeting, MeetingKind
from verification.services.desk import claimed

NOTE = 2000  # characters
WHERE = 300


@transaction.atomic
def arrange(*, actor: Actor, case_id: uuid.UUID, kind: str, at: datetime | None, where: str, now: datetime) -> Meeting:
    """Returns the meeting with the applicant, who is told by mail; it takes the place of one that was arranged before.

    Raises Invalid by field, Conflict if the case is not claimed by the actor.
    """
    case = claimed(actor, case_id)
    errors: dict[str, Text] = {}
    if kind not in MeetingKind.values:
        errors["kind"] = _("Choose how the meeting is held.")
    if at is None or not now < at <= now + rules.MEETING_AHEAD:
        errors["at"] = _("Choose a time within the next 60 days.")
    if not where.strip():
        errors["where"] = _("Say where: the link of the video call, or the address and room.")
    if errors or at is None:
        raise Invalid(errors=errors)
    ahead = queries.meeting_ahead(case) or Meeting(case=case)
    ahead.kind, ahead.at, ahead.where = kind, at, where.strip()[:WHERE]
    ahead.arranged_by_id, ahead.arranged_at = actor.id, now
    ahead.save()
    record(Event.MEETING_ARRANGED, actor=actor, subject=case, now=now, kind=kind)
    letters.tell_meeting(case, ahead, now=now)
    return ahead


@transaction.atomic
def note(*, actor: Actor, case_id: uuid.UUID, came: bool, same_person: bool | None, text: str, now: datetime) -> Meeting:
    """Returns the meeting that was ahead, with what the officer saw: whether the person of the document came.

    Afterwards the case is free for another officer, who decides. Raises Invalid by field, Conflict without a meeting or a claim.
    """
    case = claimed(actor, case_id)
    meeting = queries.meeting_ahead(case)
    if meeting is None:
        raise Conflict(_("No meeting is arranged."), code="no_meeting")
    errors: dict[str, Text] = {}
    if came and same_person is None:
        errors["same_person"] = _("Say whether it was the person of the document.")
    if not text.strip():
        errors["text"] = _("Say what you saw: the document in the hand, the face beside it, questions and answers.")
    if errors:
        raise Invalid(errors=errors)
    meeting.came, meeting.same_person = came, same_person if came else None
    meeting.note, meeting.noted_by_id, meeting.noted_at = text.strip()[:NOTE], actor.id, now
    meeting.save()
    record(Event.MEETING_NOTED, actor=actor, subject=case, now=now, came=came, same_person=bool(meeting.same_person))
    Case.objects.filter(pk=case.pk).update(officer=None, claimed_until=None)
    return meeting
