"""The filer's turn: start, describe, add pictures, submit, and file again."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, Text
from portal.kit.transitions import move
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from verification.engines import pictures
from verification.models import Channel
from verification.organisations import codes, queries, rules
from verification.organisations.models import Organisation
from verification.organisations.services.owning import lock, owned, verified_agent
from verification.organisations.states import FILER_TURN, MOVES, OrganisationState
from verification.queries import identity_of

SLOTS = ("licence", "letter")
CODE_HELD = _("An organisation with this code is verified already. Ask one of its owners to invite you as an agent.")
CODE_FIXED = _("The code of a verified organisation does not change. File another organisation for another code.")


@transaction.atomic
def start(*, actor: Actor, now: datetime) -> Organisation:
    """Returns a new draft. Raises Unverified, or Conflict once three are under way."""
    require(actor, Permission.VERIFY_SELF)
    verified_agent(actor, now)
    filer = User.objects.select_for_update().get(pk=actor.user_id)
    if queries.under_way(actor) >= rules.UNDER_WAY:
        raise Conflict(_("Three filings are under way. Finish one of them first."), code="too_many_filings")
    organisation = Organisation(filed_by=filer, created_at=now)
    organisation.save(force_insert=True)
    record(Event.ORGANISATION_STARTED, actor=actor, subject=organisation, now=now)
    return organisation


@transaction.atomic
def again(*, actor: Actor, organisation: Organisation, now: datetime) -> Organisation:
    """Returns the organisation as a draft: to renew, to correct, or to appeal. What stands, stands until it is decided.

    Raises NotFound, Forbidden for an agent who is no owner, Unverified, Conflict for one that is under way already or is
    valid for more than 60 days.
    """
    found = owned(actor, organisation.pk)
    verified_agent(actor, now)
    if found.state == OrganisationState.VERIFIED and found.valid_until is not None and found.valid_until - now >= rules.RENEW:
        raise Conflict(_("The verification can be renewed in the last 60 days before its end."), code="too_early")
    change: dict[str, Any] = {"filed_by_id": actor.user_id, "decided_by": None, "touched_at": now}
    if not actor.is_user(found.filed_by_id):  # whose word this was is another person
        change["represents"] = False
    move(found, OrganisationState.DRAFT, MOVES, **change)
    record(Event.ORGANISATION_STARTED, actor=actor, subject=found, now=now)
    return found


@transaction.atomic
def describe(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    uscc: str,
    licence_until: date | None,
    represents: bool,
    representative: str,
    now: datetime,
) -> Organisation:
    """Returns the organisation with what stands on its licence. Raises Invalid with a text for each field that cannot be used.

    Whoever says that they are the legal representative is named as their verified identity has it.
    """
    mine = _mine(actor, organisation.pk)
    identity = identity_of(actor.user_id) if represents else None
    told, by = rules.tidy(name), (identity.full_name if identity else "") or rules.tidy(representative)
    code = codes.read(uscc)
    errors: dict[str, Text] = {
        "name": rules.name_problem(told),
        "uscc": codes.PROBLEMS[code.problem] if code.problem else _code_problem(mine, code.value),
        "representative": "" if identity else rules.name_problem(by),
        "licence_until": _("The licence has run out. File the one that is valid now.") if _over(licence_until, now) else "",
    }
    if found := {field: text for field, text in errors.items() if text}:
        raise Invalid(errors=found)
    mine.name, mine.uscc, mine.licence_until, mine.represents, mine.representative = told, code.value, licence_until, represents, by
    mine.touched_at = now
    mine.save(update_fields=["name", "uscc", "licence_until", "represents", "representative", "touched_at"])
    return mine


def add_picture(*, actor: Actor, organisation: Organisation, slot: str, upload: bytes, channel: str, now: datetime) -> Organisation:
    """Returns the organisation with the picture in its slot; the one before is erased. Raises BadPicture, and keeps nothing."""
    _mine_unlocked(actor, organisation.pk)
    if slot not in SLOTS:
        raise NotFound
    kept = files.store(pictures.clean(upload), media_type=pictures.MEDIA_TYPE, kind=Retention.PICTURE)
    try:
        mine, replaced = _put(actor, organisation.pk, slot, kept, channel, now)
    except PortalError:
        files.erase_file(kept, now=now)
        raise
    if replaced:
        files.erase_file(replaced, now=now)
    return mine


@transaction.atomic
def submit(*, actor: Actor, organisation: Organisation, now: datetime) -> Organisation:
    """Returns the organisation, now the officers'. Raises Unverified, Invalid for what is missing or has run out meanwhile."""
    mine = _mine(actor, organisation.pk)
    verified_agent(actor, now)
    if left := queries.steps_left(mine):
        errors: dict[str, Text] = {step: _("This step is not finished.") for step in left}
        raise Invalid(_("Some steps are not finished."), code="incomplete", errors=errors)
    if problem := _code_problem(mine, mine.uscc):
        raise Invalid(problem, code="code_in_use")
    if _over(mine.licence_until, now):
        raise Invalid(_("The licence has run out. File the one that is valid now."), code="licence_expired")
    move(mine, OrganisationState.REVIEW, MOVES, submitted_at=now, reasons=[], officer=None, claimed_until=None, decided_at=None)
    record(Event.ORGANISATION_SUBMITTED, actor=actor, subject=mine, now=now)
    return mine


def _code_problem(mine: Organisation, code: str) -> Text:
    if mine.verified_at is not None and mine.uscc != code:
        return CODE_FIXED
    return CODE_HELD if queries.code_held(code, by_another_than=mine.pk) else ""


def _over(licence_until: date | None, now: datetime) -> bool:
    return licence_until is not None and licence_until < rules.today(now)


def _mine(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """The organisation that the actor files, in the filer's turn, locked."""
    _mine_unlocked(actor, organisation_id)
    found = lock(organisation_id)
    if found.state not in FILER_TURN:
        raise Conflict(code="illegal_move")
    return found


def _mine_unlocked(actor: Actor, organisation_id: uuid.UUID) -> None:
    require(actor, Permission.VERIFY_SELF)
    seen = queries.organisation_for(actor, organisation_id)
    if not (actor.is_user(seen.filed_by_id) and queries.owns(actor, seen)):
        raise Forbidden(_("Only the owner who files it may do this."), code="owner_only")
    if seen.state not in FILER_TURN:
        raise Conflict(code="illegal_move")


@transaction.atomic
def _put(
    actor: Actor, organisation_id: uuid.UUID, slot: str, kept: SealedFile, channel: str, now: datetime
) -> tuple[Organisation, SealedFile | None]:
    mine = _mine(actor, organisation_id)
    replaced = queries.picture_of(mine, slot)
    setattr(mine, f"{slot}_image", kept)
    setattr(mine, f"{slot}_channel", Channel.CAMERA if channel == Channel.CAMERA else Channel.UPLOAD)
    mine.touched_at = now
    mine.save(update_fields=[f"{slot}_image", f"{slot}_channel", "touched_at"])
    return mine, replaced
