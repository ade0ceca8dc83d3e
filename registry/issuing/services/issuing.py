"""Issuing a registration, and giving it new facts."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.audit.events import Event
from portal.kit.errors import Conflict
from portal.outbox.topics import Topic
from registry.consent import queries as consent
from registry.issuing import letters, registry_id
from registry.issuing.models import Act, Registration, Version
from registry.issuing.rules import TERM
from registry.issuing.services.owning import in_being, permitted, tell
from registry.personas import services as personas
from registry.personas.models import Application

DRAWS = 5  # 55 random bits: a second draw is already improbable


class ConsentNotStanding(Conflict):
    """An application cannot be approved while the portrayed person's licence does not stand."""

    code = "consent_not_standing"
    help = _("The portrayed person's licence is not in force; the application cannot be approved now.")


@transaction.atomic
def register(*, actor: Actor, application_id: uuid.UUID, note: str, now: datetime) -> Registration:
    """Approves an application and returns the registration it leads to: a new one, or the present one with new facts.

    Raises Conflict if the application was decided already, ConsentNotStanding if the licence no longer stands, Prohibited
    if the facts would change while either side forbids that.
    """
    application = personas.approve(actor=actor, application_id=application_id, note=note, now=now)
    evidence = consent.evidence(application.persona)
    if evidence.needed and (not evidence.granted or evidence.portrayed_user != application.portrayed_user_id):
        raise ConsentNotStanding
    found = Registration.objects.select_for_update().filter(persona=application.persona).first()
    registration = _renew(found, application, now) if found else _issue(application, now)
    _keep_version(registration, application, now)
    event = Event.REGISTRATION_UPDATED if found else Event.REGISTRATION_ISSUED
    tell(event, Topic.PERSONA_UPDATED if found else Topic.PERSONA_REGISTERED, actor, registration, now)
    letters.tell(registration, letters.Kind.UPDATED if found else letters.Kind.ISSUED, now=now)
    return registration


def _issue(application: Application, now: datetime) -> Registration:
    fields = {
        "persona": application.persona,
        "operator": application.persona.operator,
        "facts": application.facts,
        "issued_at": now,
        "expires_at": now + TERM,
        "changed_at": now,
    }
    for _draw in range(DRAWS):
        try:
            with transaction.atomic():
                return Registration.objects.create(registry_id=registry_id.draw(), **fields)
        except IntegrityError:
            continue
    raise Conflict(code="no_free_id")


def _renew(registration: Registration, application: Application, now: datetime) -> Registration:
    in_being(registration)
    if registration.facts != application.facts:
        permitted(registration, Act.UPDATE)
    registration.facts = application.facts
    registration.version += 1
    registration.expires_at, registration.reminded = now + TERM, None
    registration.changed_at = now
    registration.save(update_fields=["facts", "version", "expires_at", "reminded", "changed_at"])
    return registration


def _keep_version(registration: Registration, application: Application, now: datetime) -> None:
    Version.objects.create(
        registration=registration, number=registration.version, facts=registration.facts, application=application, since=now
    )
