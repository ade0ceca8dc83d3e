"""The first and the last lines of what is done to a registration."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require, require_visible
from portal.access.roles import Permission
from portal.accounts import queries as accounts
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from registry.issuing.models import Act, Registration, Transfer, TransferState


class Prohibited(Conflict):
    """The holder or the registry has forbidden it."""

    code = "prohibited"
    help = _("This is forbidden for this registration. A prohibition is lifted by whoever set it: the operator or the registry.")


def own(actor: Actor, registration_id: uuid.UUID) -> Registration:
    """Returns one of the actor's own registrations, locked. Raises NotFound for any other."""
    require(actor, Permission.MANAGE_PERSONA)
    registration = locked(registration_id)
    require_visible(actor.id in accounts.member_ids(registration.operator_id))
    return registration


def foreign(actor: Actor, registration: Registration) -> Registration:
    """Returns the registration of others: officers have no part in what they decide, neither by their face nor as its operator,
    present or former."""
    portrayed = registration.persona.licences.filter(portrayed=actor.id).exists()
    former = registration.transfers.filter(state=TransferState.COMPLETED).values_list("giver", flat=True)
    if portrayed or any(actor.id in accounts.member_ids(each) for each in {registration.operator_id, *former}):
        raise Forbidden(code="own_persona")
    return registration


def locked(registration_id: uuid.UUID) -> Registration:
    """Returns the registration, locked until the transaction ends. Raises NotFound."""
    found = Registration.objects.select_for_update().filter(pk=registration_id).first()
    if found is None:
        raise NotFound
    return found


def in_being(registration: Registration) -> None:
    """Raises Conflict for a registration that was revoked or retired."""
    if registration.revoked_at or registration.retired_at:
        raise Conflict(_("This registration has ended."), code="registration_ended")


def permitted(registration: Registration, act: Act) -> None:
    """Raises Prohibited while either side forbids the act."""
    if registration.prohibitions.filter(act=act, lifted_at=None).exists():
        raise Prohibited


def under_way(registration: Registration) -> Transfer | None:
    """Returns the transfer that waits for its confirmations."""
    return registration.transfers.filter(state=TransferState.PENDING).first()


def known(reason: str, choices: Collection[str]) -> None:
    """Raises Invalid for a reason that is none of the choices."""
    if reason not in choices:
        raise Invalid(errors={"reason": _("Choose one of the reasons listed.")})


def touch(registration: Registration, now: datetime) -> None:
    """Notes that something about the registration has changed."""
    Registration.objects.filter(pk=registration.pk).update(changed_at=now)


def tell(event: Event, topic: Topic, actor: Actor, registration: Registration, now: datetime, **data: Any) -> None:
    """Receipt, then message."""
    record(event, actor=actor, subject=registration, now=now, registry_id=registration.registry_id, **data)
    publish(
        topic,
        stream=stream("persona", registration.persona_id),
        now=now,
        persona=str(registration.persona_id),
        registry_id=registration.registry_id,
        **data,
    )
