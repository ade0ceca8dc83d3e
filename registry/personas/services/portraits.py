"""The portraits of a persona."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit import jobs
from portal.kit.errors import Conflict, Invalid, PortalError
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from registry.personas import rules
from registry.personas.models import Persona, Portrait
from registry.personas.services.owning import own
from verification.engines.pictures import MEDIA_TYPE, clean

CHECK_JOB = "personas.check_portrait"


def add_portrait(*, actor: Actor, persona: Persona, upload: bytes, now: datetime) -> Portrait:
    """Returns the new portrait, waiting for its check. Raises NotFound, Invalid for a seventh, BadPicture for a bad one.

    The picture is decoded before anything is locked: that takes a child process, and up to seconds.
    """
    with transaction.atomic():
        _with_room(actor, persona)
    kept = files.store(clean(upload), media_type=MEDIA_TYPE, kind=Retention.PORTRAIT)
    try:
        return _put(actor, persona, kept, now)
    except PortalError:
        files.erase_file(kept, now=now)
        raise


@transaction.atomic
def remove_portrait(*, actor: Actor, persona: Persona, portrait_id: uuid.UUID, now: datetime) -> None:
    """Takes a portrait away and erases it, unless it was sent to review: then it stays as evidence of the decision."""
    persona = own(actor, persona.pk)
    portrait = _one(persona, portrait_id)
    sent = persona.applications.filter(facts__portraits__contains=[str(portrait.pk)]).exists()
    if sent:
        Portrait.objects.filter(pk=portrait.pk).update(removed_at=now)
    else:
        portrait.delete()
        files.erase_file(portrait.file, now=now)
    _touch(persona, now)
    record(Event.PORTRAIT_REMOVED, actor=actor, subject=persona, now=now, portrait=str(portrait_id), kept=sent)


@transaction.atomic
def move_portrait(*, actor: Actor, persona: Persona, portrait_id: uuid.UUID, step: int, now: datetime) -> None:
    """Moves a portrait by `step` places, not beyond the ends. The first portrait stands for the persona."""
    persona = own(actor, persona.pk)
    portrait = _one(persona, portrait_id)
    order = list(persona.portraits.all())
    place = order.index(portrait)
    order.insert(max(0, place + step), order.pop(place))
    for position, each in enumerate(order):
        each.position = position
    Portrait.objects.bulk_update(order, ["position"])
    _touch(persona, now)
    record(Event.PERSONA_CHANGED, actor=actor, subject=persona, now=now, fields=["portraits"])


def check_again(persona: Persona) -> None:
    """Lets every portrait wait for its check again: whose face the persona shows is part of it."""
    persona.portraits.update(checked_at=None, attempts=0)
    for portrait in persona.portraits.all():
        jobs.wake(CHECK_JOB, portrait.pk)


def _with_room(actor: Actor, persona: Persona) -> Persona:
    """The actor's own persona, locked, if it takes another portrait."""
    mine = own(actor, persona.pk)
    if mine.portraits.count() >= rules.MAX_PORTRAITS:
        raise Invalid(rules.FULL, code="too_many_portraits")
    return mine


@transaction.atomic
def _put(actor: Actor, persona: Persona, kept: SealedFile, now: datetime) -> Portrait:
    mine = _with_room(actor, persona)  # another upload may have come first
    last: int | None = mine.portraits.aggregate(last=Max("position"))["last"]
    portrait = Portrait.objects.create(persona=mine, file=kept, position=0 if last is None else last + 1, added_at=now)
    _touch(mine, now)
    record(Event.PORTRAIT_ADDED, actor=actor, subject=mine, now=now, portrait=str(portrait.pk))
    jobs.wake(CHECK_JOB, portrait.pk)
    return portrait


def _one(persona: Persona, portrait_id: uuid.UUID) -> Portrait:
    found = persona.portraits.select_related("file__data_key").filter(pk=portrait_id).first()
    if found is None:
        raise Conflict(code="portrait_gone")
    return found


def _touch(persona: Persona, now: datetime) -> None:
    Persona.objects.filter(pk=persona.pk).update(changed_at=now)
