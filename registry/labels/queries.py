"""Whose a label is, who is its producer, and whose kit an actor may open."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.accounts.models import OperatorKind
from portal.accounts.queries import operators_of
from portal.kit.errors import NotFound
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.issuing.verdict import Status
from registry.labels import provider_code
from registry.labels.findings import Finding
from verification.organisations import queries as organisations

_ID = re.compile(r"VH-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}(?![0-9A-Z])")
_NAMING = ("ProduceID", "ContentProducer", "PropagateID", "ContentPropagator")


@dataclass(frozen=True, slots=True)
class Owner:
    """The registration that a label names, as it stands, and what is to be said of the naming."""

    registration: Registration
    status: Status
    findings: tuple[Finding, ...]

    @property
    def printed_id(self) -> str:
        """The registry ID as it is shown."""
        return ids.printed(self.registration.registry_id)

    @property
    def record(self) -> str:
        """The address of the public record."""
        return f"{settings.SITE_URL}/r/{self.printed_id}/"


def owner_of(fields: dict[str, str], now: datetime) -> Owner | None:
    """Returns the first registration that the label's fields name; None if they name none that exists.

    A label is not signed: that it names a registration does not prove who wrote it.
    """
    named = (canonical for name in _NAMING for text in _ID.findall(fields.get(name, "")) if (canonical := ids.canonical(text)))
    wanted = list(dict.fromkeys(named))[:4]
    known = {row.registry_id: row for row in _registrations().filter(registry_id__in=wanted)}
    found = next((known[each] for each in wanted if each in known), None)
    if found is None:
        return None
    status = issuing.status_of(found, now)
    said = [] if status is Status.ACTIVE else [Finding("registration_not_active")]
    if not _is_producer(found, fields.get("ContentProducer", "")):
        said.append(Finding("producer_other"))
    return Owner(found, status, tuple(said))


def _registrations() -> QuerySet[Registration]:
    return Registration.objects.select_related("operator__organisation", "persona")


def _is_producer(registration: Registration, producer: str) -> bool:
    """By registry ID, or by the credit code of the organisation that answers, whatever code of a model stands behind it."""
    code = provider_code.read(producer)
    if code is None:
        return producer == ids.printed(registration.registry_id)
    return registration.operator.kind == OperatorKind.ORGANISATION and registration.operator.organisation.uscc == code.uscc


def producer_of(registration: Registration, now: datetime) -> str:
    """Returns the label's ContentProducer: the provider code of an organisation verified at `now`, else the registry ID.

    A natural person has no credit code, and no other code is made up for them.
    """
    operator = registration.operator
    if operator.kind == OperatorKind.ORGANISATION and organisations.is_verified(operator.organisation, now):
        return provider_code.compose(operator.organisation.uscc)
    return ids.printed(registration.registry_id)


def registration_of_persona(actor: Actor, persona_id: uuid.UUID) -> Registration:
    """Returns the registration of a persona whose kit the actor may open; raises NotFound for any other, or without one."""
    found = issuing.visible_to(actor).select_related("operator__organisation", "persona").filter(persona=persona_id).first()
    if found is None:
        raise NotFound
    return found


def labelled_by(actor: Actor, registry_id: str) -> Registration:
    """Returns the registration of a canonical ID in whose name the actor may write labels; raises NotFound for any other."""
    found = _registrations().filter(registry_id=registry_id, operator__in=operators_of(actor)).first()
    if found is None:
        raise NotFound
    return found


def labelled_on(platform: str, registry_id: str) -> Registration:
    """Returns the registration of a canonical ID that covers the platform; raises NotFound for any other."""
    found = _registrations().filter(registry_id=registry_id, facts__platforms__contains=[platform]).first()
    if found is None:
        raise NotFound
    return found


def registration_called(registry_id: str) -> Registration | None:
    """Returns the registration of a canonical ID."""
    return _registrations().filter(registry_id=registry_id).first()
