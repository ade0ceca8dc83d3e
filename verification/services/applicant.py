"""The applicant's turn: start, describe, add pictures, submit."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit import jobs
from portal.kit.errors import Conflict, Invalid, NotFound, PortalError, TooMany
from portal.kit.transitions import move
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from verification import queries
from verification.engines import pictures
from verification.models import Attempt, Case, Channel, MeetingKind, Purpose
from verification.reasons import REASONS, Step
from verification.services import person
from verification.services.details import details
from verification.states import APPLICANT_TURN, MOVES, CaseState

MEETING_WISH = 500  # characters


@transaction.atomic
def start(*, actor: Actor, now: datetime) -> Case:
    """Returns the actor's open case, made if there is none."""
    require(actor, Permission.VERIFY_SELF)
    user = person.lock_own(actor)
    found = queries.open_case(user)
    if found:
        return found
    case = Case(user=user, created_at=now)
    case.save(force_insert=True)
    record(Event.CASE_STARTED, actor=actor, subject=case, now=now)
    return case


@transaction.atomic
def describe(*, actor: Actor, case: Case, document_type: str, full_name: str, number: str, birth_date: date | None, now: datetime) -> Case:
    """Returns the case with the document's details. Raises Invalid with a text for each field that cannot be used."""
    require(actor, Permission.VERIFY_SELF)
    mine = own_turn(actor, case.pk)
    told = details(document_type, full_name, number, birth_date, today=timezone.localdate(now))
    if mine.document_type not in ("", document_type):
        mine.redo = [Step.DOCUMENT, Step.DOCUMENT_BACK]  # the pictures show another document
    mine.document_type, mine.full_name, mine.document_number = document_type, told.full_name, told.number
    mine.birth_date = told.birth_date.isoformat()
    mine.redo, mine.touched_at = [step for step in mine.redo if step != Step.DETAILS], now
    mine.save(update_fields=["document_type", "full_name", "document_number", "birth_date", "redo", "touched_at"])
    return mine


def add_picture(*, actor: Actor, case: Case, slot: Step, upload: bytes, channel: str, now: datetime) -> Case:
    """Returns the case with the picture in its slot; the one before is erased. What looks poor in it stands in `quality`.

    Raises BadPicture, and then keeps nothing.
    """
    require(actor, Permission.TAKE_PICTURES)
    _own_turn_unlocked(actor, case.pk)
    looked = pictures.look(upload, pictures.Subject(slot.value))
    kept = files.store(looked.jpeg, media_type=pictures.MEDIA_TYPE, kind=Retention.PICTURE)
    try:
        replaced = _put(actor, case.pk, slot, kept, channel, looked.problems, now)
    except PortalError:
        files.erase_file(kept, now=now)
        raise
    for file in replaced:
        files.erase_file(file, now=now)
    return Case.objects.select_related("data_key").get(pk=case.pk)


@transaction.atomic
def ask_for_meeting(*, actor: Actor, case: Case, kind: str, wish: str, now: datetime) -> Case:
    """Returns the case with the way in which the applicant wants to be met, and when it suits them. Raises Invalid."""
    require(actor, Permission.VERIFY_SELF)
    mine = own_turn(actor, case.pk)
    if kind not in MeetingKind.values:
        raise Invalid(errors={"kind": _("Choose how an officer shall meet you.")})
    mine.meeting_kind, mine.meeting_wish = kind, wish.strip()[:MEETING_WISH]
    mine.redo, mine.touched_at = [step for step in mine.redo if step != Step.MEETING], now
    mine.save(update_fields=["meeting_kind", "meeting_wish", "redo", "touched_at"])
    return mine


@transaction.atomic
def submit(*, actor: Actor, case: Case, now: datetime) -> Case:
    """Returns the case, now the machine's. Raises Invalid for what is missing, TooMany after five tries in six hours."""
    require(actor, Permission.VERIFY_SELF)
    mine = own_turn(actor, case.pk)
    left = queries.steps_left(mine)
    if left:
        raise Invalid(_("Some steps are not finished."), code="incomplete", errors={step: _("This step is not finished.") for step in left})
    _count(mine, now)
    forgotten: dict[str, Any] = {"reasons": [], "risks": [], "redo": [], "distance": None, "liveness": "", "decided_by": None}
    asked_anew: dict[str, Any] = {"authority": "", "authority_reference": "", "authority_tries": 0, "waits_until": None}
    move(mine, CaseState.PROCESSING, MOVES, submitted_at=now, attempts=0, decided_at=None, **forgotten, **asked_anew)
    record(Event.CASE_SUBMITTED, actor=actor, subject=mine, now=now)
    jobs.wake("verification.judge", mine.pk)
    return mine


def own_turn(actor: Actor, case_id: uuid.UUID) -> Case:
    """Returns the actor's case in the actor's turn, locked. Raises NotFound, Conflict, or Invalid without the consent."""
    _own_turn_unlocked(actor, case_id)
    person.lock_own(actor)
    case = Case.objects.select_for_update(of=("self",)).select_related("data_key").get(pk=case_id)
    if case.state not in APPLICANT_TURN:
        raise Conflict(code="illegal_move")
    return case


def _own_turn_unlocked(actor: Actor, case_id: uuid.UUID) -> None:
    case = Case.objects.filter(pk=case_id, user=person.own_id(actor)).first()
    if case is None:
        raise NotFound
    if case.state not in APPLICANT_TURN:
        raise Conflict(code="illegal_move")
    if Purpose.PROCESSING not in queries.consents(case.user_id):
        raise Invalid(_("Your consent to the processing is needed first."), code="consent_missing")


@transaction.atomic
def _put(
    actor: Actor, case_id: uuid.UUID, slot: Step, kept: SealedFile, channel: str, problems: Collection[str], now: datetime
) -> list[SealedFile]:
    """Puts the picture into its slot. Returns what it replaces: the one before, and the recording that went with a selfie."""
    mine = own_turn(actor, case_id)
    if slot is Step.SELFIE and Purpose.FACE not in queries.consents(mine.user_id):
        raise Invalid(_("A selfie is asked for only with your consent to face comparison."), code="consent_missing")
    replaced = [getattr(mine, f"{slot}_image")]
    setattr(mine, f"{slot}_image", kept)
    setattr(mine, f"{slot}_channel", Channel.CAMERA if channel == Channel.CAMERA else Channel.UPLOAD)
    mine.redo, mine.touched_at = [step for step in mine.redo if step != slot], now
    mine.quality = [code for code in mine.quality if REASONS[code].step != slot] + list(problems)
    if slot is Step.SELFIE:
        replaced.append(mine.recording)
        mine.recording = mine.challenge = None
    mine.save(update_fields=[f"{slot}_image", f"{slot}_channel", "redo", "quality", "recording", "challenge", "touched_at"])
    return [file for file in replaced if file is not None]


def _count(case: Case, now: datetime) -> None:
    tries = queries.tries(case.user_id, now)
    if tries.left == 0:
        at = date_format(timezone.localtime(tries.again_at), "H:i")
        help_text = format_lazy(_("You have used five tries in six hours. Nothing is lost: submit again after {at}."), at=at)
        raise TooMany(help_text, retry_after=int((tries.again_at - now).total_seconds()) + 1, code="too_many_tries")
    Attempt.objects.create(user_id=case.user_id, at=now)
