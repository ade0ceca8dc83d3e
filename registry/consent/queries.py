"""Reading licences."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from portal.access.actor import Actor
from portal.access.roles import Permission
from portal.accounts.queries import operators_of
from portal.kit.errors import NotFound
from registry.consent import wording
from registry.consent.models import Licence
from registry.consent.rules import Terms
from registry.consent.states import PENDING, LicenceState
from registry.personas import likeness
from registry.personas.models import Persona, Portrait, Portrayed
from registry.personas.queries import platform_names
from registry.personas.rules import ConsentEvidence

EVER_GRANTED = (LicenceState.GRANTED, LicenceState.WITHDRAWN, LicenceState.EXPIRED, LicenceState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the verdict needs of a licence. Nothing but `granted` covers anything."""

    state: str
    media: tuple[str, ...]
    purposes: tuple[str, ...]
    platforms: tuple[str, ...]
    territories: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    voice: bool
    computed_driving: bool
    portrayed_user_id: uuid.UUID | None


def _ever_granted() -> QuerySet[Licence]:
    # A superseded licence has a later one beside it, which counts.
    rank = Case(
        When(state=LicenceState.GRANTED, then=Value(0)),
        When(state=LicenceState.SUPERSEDED, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return Licence.objects.filter(state__in=EVER_GRANTED, granted_at__isnull=False).order_by(rank, "-granted_at")


def coverage(persona_id: uuid.UUID, *, of: uuid.UUID | None = None) -> Coverage | None:
    """Returns the licence that counts for a persona: the granted one, else the last that was; None if there never was one.

    With `of`, only that person's: nobody consents for another face.
    """
    by = Q(portrayed=of) if of else Q()
    licence = _ever_granted().filter(by, persona=persona_id).first()
    if licence is None:
        return None
    terms = licence.terms
    return Coverage(
        state=licence.state,
        media=terms.media,
        purposes=terms.purposes,
        platforms=terms.platforms,
        territories=terms.territories,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        voice=terms.voice,
        computed_driving=terms.computed_driving,
        portrayed_user_id=licence.portrayed_id,
    )


def evidence(persona: Persona) -> ConsentEvidence:
    """Returns what an application needs to know of the portrayed person's consent, compared with the portraits of now."""
    needed = persona.portrayed == Portrayed.OTHER
    licence = persona.licences.filter(state=LicenceState.GRANTED).first() if needed else None
    if licence is None or licence.portrayed_id is None:
        return ConsentEvidence(needed=needed, granted=False)
    distance = likeness.nearest_distance(persona, licence.portrayed_id)
    return ConsentEvidence(needed=True, granted=True, portrayed_user=licence.portrayed_id, distance=distance)


def visible_to(actor: Actor) -> QuerySet[Licence]:
    """Returns the licences the actor may read: about their face, of their operators' personas, or all for the desk."""
    if actor.may(Permission.READ_DESK):
        return Licence.objects.all()
    return Licence.objects.filter(Q(portrayed=actor.id, portrayed__isnull=False) | Q(persona__operator__in=operators_of(actor)))


def licence_for(actor: Actor, licence_id: uuid.UUID) -> Licence:
    """Returns a licence the actor may read; raises NotFound."""
    found = visible_to(actor).select_related("persona__operator", "data_key").filter(pk=licence_id).first()
    if found is None:
        raise NotFound
    return found


def licences_of(actor: Actor) -> QuerySet[Licence]:
    """Returns every licence about the actor's face, whatever its state, the newest first."""
    about = Licence.objects.filter(portrayed=actor.id, portrayed__isnull=False)
    return about.select_related("persona__operator").prefetch_related("persona__portraits").order_by("-invited_at")


def uses_of(actor: Actor) -> QuerySet[Licence]:
    """Returns the licences under which the actor's face may be used now, the newest first."""
    return licences_of(actor).filter(state=LicenceState.GRANTED)


def of_own_face(actor: Actor, licence_id: uuid.UUID) -> Licence:
    """Returns a licence about the actor's face; raises NotFound."""
    found = licences_of(actor).filter(pk=licence_id).first()
    if found is None:
        raise NotFound
    return found


def of_persona(persona: Persona) -> QuerySet[Licence]:
    """Returns the licences of a persona, the newest first."""
    return persona.licences.select_related("data_key", "persona").order_by("-invited_at")


def pending(persona: Persona) -> Licence | None:
    """Returns the invitation that waits for the portrayed person's answer."""
    return of_persona(persona).filter(state__in=PENDING).first()


def pictures_of(licence: Licence) -> QuerySet[Portrait]:
    """Returns the pictures the licence is about: what was added after its end is not this person's business."""
    shown = licence.persona.portraits.all()
    return shown.filter(added_at__lte=licence.ended_at) if licence.ended_at else shown


def portrait_of(licence: Licence, portrait_id: uuid.UUID) -> Portrait:
    """Returns one of the pictures the licence is about; raises NotFound."""
    found = pictures_of(licence).select_related("file__data_key").filter(pk=portrait_id).first()
    if found is None:
        raise NotFound
    return found


def in_words(terms: Terms) -> list[wording.Fact]:
    """Returns the terms as (label, text), for `consent/_terms.html`."""
    return wording.facts(terms, platform_names())
