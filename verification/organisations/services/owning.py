"""The first lines of what is done for an organisation: who may, with the row locked."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.kit.errors import Conflict, Forbidden
from verification.organisations import queries
from verification.organisations.models import Organisation


class Unverified(Conflict):
    """Who acts for an organisation is a verified natural person of age."""

    code = "agent_unverified"
    title = _("Verify your identity first")
    help = _("Only a verified person of 18 or older can act for an organisation. Verify your identity under “My identity”, then come back.")


def lock(organisation_id: uuid.UUID) -> Organisation:
    """Returns the organisation, locked until the transaction ends."""
    return Organisation.objects.select_for_update(of=("self",)).select_related("data_key", "filed_by").get(pk=organisation_id)


def owned(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """Returns the organisation, locked. Raises NotFound for a stranger, Forbidden for an agent who is no owner."""
    require(actor, Permission.VERIFY_SELF)
    seen = queries.organisation_for(actor, organisation_id)
    if not queries.owns(actor, seen):
        raise Forbidden(_("Only an owner may do this for the organisation."), code="owner_only")
    return lock(organisation_id)


def verified_agent(actor: Actor, now: datetime) -> None:
    """Returns if the actor is a verified person of age at `now`; raises Unverified."""
    until = queries.verified_adult_until(actor.user_id)
    if until is None or until <= now:
        raise Unverified
