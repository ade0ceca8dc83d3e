"""What ends a licence beside its own people: time, or that the persona passes to another operator."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.transitions import move
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from portal.vault import files
from registry.consent import letters
from registry.consent.models import Licence
from registry.consent.states import MOVES, PENDING, LicenceState
from registry.personas.models import Persona


def lapsing(now: datetime) -> QuerySet[Licence]:
    """Returns the invitations whose time to answer is over."""
    return Licence.objects.filter(state__in=PENDING, invitation_ends__lte=now)


def expiring(now: datetime) -> QuerySet[Licence]:
    """Returns the granted licences whose last day has passed."""
    return Licence.objects.filter(state=LicenceState.GRANTED, ends_on__lt=timezone.localdate(now))


@transaction.atomic
def lapse(*, actor: Actor, licence_id: uuid.UUID, now: datetime) -> None:
    """Ends an unanswered invitation; one that was answered meanwhile is left alone."""
    require(actor, Permission.RUN_JOB)
    licence = lapsing(now).select_for_update().filter(pk=licence_id).first()
    if licence is not None:
        move(licence, LicenceState.LAPSED, MOVES, ended_at=now, token_digest="")
        record(Event.LICENCE_LAPSED, actor=actor, subject=licence, now=now)


@transaction.atomic
def expire(*, actor: Actor, licence_id: uuid.UUID, now: datetime) -> None:
    """Ends a licence whose last day has passed; the verdict did not wait for this."""
    require(actor, Permission.RUN_JOB)
    licence = expiring(now).select_for_update().filter(pk=licence_id).first()
    if licence is not None:
        move(licence, LicenceState.EXPIRED, MOVES, ended_at=now)
        record(Event.LICENCE_EXPIRED, actor=actor, subject=licence, now=now)
        payload = {"persona": str(licence.persona_id), "licence": str(licence.pk)}
        publish(Topic.CONSENT_CHANGED, stream=stream("persona", licence.persona_id), now=now, **payload)


@transaction.atomic
def end_with_operator(*, actor: Actor, persona: Persona, now: datetime) -> list[Licence]:
    """Returns the licences that ended because the persona has another operator: the granted one and every open invitation.

    Whoever was portrayed under the granted one is told by mail. Addresses that the former operator wrote down are erased: they
    are no business of the new one. `persona` is locked by the caller, who has decided.
    """
    require(actor, Permission.MANAGE_PERSONA)
    standing = persona.licences.filter(state__in=[*PENDING, LicenceState.GRANTED]).select_for_update(of=("self",))
    ended = list(standing.select_related("data_key", "portrayed"))
    for licence in ended:
        granted = licence.state == LicenceState.GRANTED
        move(licence, LicenceState.SUPERSEDED, MOVES, ended_at=now, token_digest="")
        record(Event.LICENCE_SUPERSEDED, actor=actor, subject=licence, now=now, by="transfer")
        if granted:
            letters.tell_handed_on(licence, now=now)
    for licence in persona.licences.filter(email__isnull=False).select_related("data_key"):
        files.erase(licence.data_key, now=now)  # it seals nothing but the address
        Licence.objects.filter(pk=licence.pk).update(email=None)
    return ended
