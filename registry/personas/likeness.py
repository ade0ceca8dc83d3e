"""Whose face a portrait shows: distances between stored vectors. No picture is opened here."""

import uuid

import numpy as np

from registry.personas import rules
from registry.personas.models import Persona, Portrait
from verification import queries as identities
from verification.rules import SAME_FACE, Vector, distance


def vectors_of(persona: Persona) -> list[Vector]:
    """Returns the faces found in the persona's portraits, turned by the vault's rotation."""
    return [np.asarray(vector) for vector in persona.portraits.exclude(vector=None).values_list("vector", flat=True)]


def nearest_distance(persona: Persona, user_id: uuid.UUID) -> float | None:
    """Returns how far the persona's nearest portrait is from the verified face; None where there is nothing to compare."""
    template = identities.template_of(user_id)
    if template is None:
        return None
    return min((distance(vector, template) for vector in vectors_of(persona)), default=None)


def flags_of(portrait: Portrait, named: uuid.UUID | None) -> list[str]:
    """Returns all flags of a checked portrait: those of the picture, and those of its likeness to the `named` person."""
    of_picture = [flag for flag in portrait.flags if flag in rules.OF_PICTURE]
    if portrait.vector is None:
        return of_picture
    vector = np.asarray(portrait.vector)
    return of_picture + rules.flags_of_likeness(
        portrayed=portrait.persona.portrayed,
        to_named=_to_named(vector, named),
        to_nearest=_to_nearest(vector, named),
        same_face=SAME_FACE,
    )


def _to_named(vector: Vector, named: uuid.UUID | None) -> float | None:
    template = identities.template_of(named) if named else None
    return None if template is None else distance(vector, template)


def _to_nearest(vector: Vector, named: uuid.UUID | None) -> float | None:
    """To the nearest verified person other than the named one: whoever names somebody without a template hides nobody."""
    return next((found for _, found in identities.nearest(vector, limit=1, exclude_user=named)), None)
