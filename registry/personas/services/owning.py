"""The first line of what an operator does."""

import uuid

from portal.access.actor import Actor
from portal.access.guard import require, require_visible
from portal.access.roles import Permission
from registry.personas import queries
from registry.personas.models import Persona


def own(actor: Actor, persona_id: uuid.UUID) -> Persona:
    """Returns the actor's own persona, locked. Raises NotFound, or Forbidden: the desk sees others' personas and changes none."""
    require(actor, Permission.MANAGE_PERSONA)
    require_visible(queries.visible_to(actor).filter(pk=persona_id).exists())
    return queries.persona_to_change(actor, persona_id)
