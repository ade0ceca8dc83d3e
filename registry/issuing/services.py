"""Issuing and stopping registrations."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
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
from registry.consent import queries as consent
from registry.issuing import grounds, letters, registry_id
from registry.issuing.models import Hold, Party, Registration, Version
from registry.personas import services as personas
from registry.personas.models import Application

TERM = timedelta(days=365)  # a registration is renewed by a new application
DRAWS = 5  # 55 random bits: a second draw is already improbable
OFFICER_PARTIES = frozenset({Party.OFFICER, Party.LABEL, Party.LEGAL})


class ConsentNotStanding(Conflict):
    """An application cannot be approved while the portrayed person's licence does not stand."""

    code = "consent_not_standing"
    help = _("The portrayed person's licence is not in force; the application cannot be approved now.")


@transaction.atomic
def register(*, actor: Actor, application_id: uuid.UUID, note: str, now: datetime) -> Registration:
    """Approves an application and returns the registration it leads to: a new one, or the present one with new facts.

    Raises Conflict if the application was decided already, ConsentNotStanding if the licence no longer stands.
    """
    application = personas.approve(actor=actor, application_id=application_id, note=note, now=now)
    evidence = consent.evidence(application.persona)
    if evidence.needed and (not evidence.granted or evidence.portrayed_user != application.portrayed_user_id):
        raise ConsentNotStanding
    found = Registration.objects.select_for_update().filter(persona=application.persona).first()
    registration = _renew(found, application, now) if found else _issue(application, now)
    _keep_version(registration, application, now)
    event = Event.REGISTRATION_UPDATED if found else Event.REGISTRATION_ISSUED
    _tell(event, Topic.PERSONA_UPDATED if found else Topic.PERSONA_REGISTERED, actor, registration, now)
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
    if registration.revoked_at or registration.retired_at:
        raise Conflict(code="registration_ended")
    registration.facts = application.facts
    registration.version += 1
    registration.expires_at = now + TERM
    registration.changed_at = now
    registration.save(update_fields=["facts", "version", "expires_at", "changed_at"])
    return registration


def _keep_version(registration: Registration, application: Application, now: datetime) -> None:
    Version.objects.create(
        registration=registration, number=registration.version, facts=registration.facts, application=application, since=now
    )


@transaction.atomic
def place_hold(*, actor: Actor, registration_id: uuid.UUID, party: Party, reason: str, note: str, now: datetime) -> Hold:
    """Returns the hold of this party; the registration is suspended at once. Raises Conflict if the party holds already,
    Invalid for a reason that is none of `grounds`."""
    registration = _of_party(actor, registration_id, party)
    _known(reason, grounds.HOLD.get(party, {}))
    if registration.holds.filter(party=party, lifted_at=None).exists():
        raise Conflict(code="already_held")
    hold = Hold.objects.create(registration=registration, party=party, reason=reason, note=note, placed_by_id=actor.id, placed_at=now)
    _touch(registration, now)
    _tell(Event.HOLD_PLACED, Topic.PERSONA_SUSPENDED, actor, registration, now, party=party, reason=reason)
    if party in OFFICER_PARTIES:
        letters.tell(registration, letters.Kind.HOLD_PLACED, now=now, hold=hold)
    return hold


@transaction.atomic
def lift_hold(*, actor: Actor, registration_id: uuid.UUID, party: Party, now: datetime) -> None:
    """Ends the hold of this party. Raises Conflict if there is none."""
    registration = _of_party(actor, registration_id, party)
    hold = registration.holds.filter(party=party, lifted_at=None).first()
    if hold is None:
        raise Conflict(code="not_held")
    hold.lifted_at, hold.lifted_by_id = now, actor.id
    hold.save(update_fields=["lifted_at", "lifted_by"])
    _touch(registration, now)
    _tell(Event.HOLD_LIFTED, Topic.PERSONA_RESTORED, actor, registration, now, party=party)
    if party in OFFICER_PARTIES:
        letters.tell(registration, letters.Kind.HOLD_LIFTED, now=now, hold=hold)


@transaction.atomic
def revoke(*, actor: Actor, registration_id: uuid.UUID, reason: str, now: datetime) -> Registration:
    """Ends a registration for good, by an officer who has no part in it."""
    require(actor, Permission.REVOKE)
    registration = _foreign(actor, _locked(registration_id))
    _known(reason, grounds.REVOCATION)
    if registration.revoked_at:
        raise Conflict(code="revoked_already")
    registration.revoked_at, registration.revoked_reason, registration.changed_at = now, reason, now
    registration.save(update_fields=["revoked_at", "revoked_reason", "changed_at"])
    _tell(Event.REGISTRATION_REVOKED, Topic.PERSONA_REVOKED, actor, registration, now, reason=reason)
    letters.tell(registration, letters.Kind.REVOKED, now=now)
    return registration


def _known(reason: str, choices: Collection[str]) -> None:
    if reason not in choices:
        raise Invalid(errors={"reason": _("Choose one of the reasons listed.")})


def _of_party(actor: Actor, registration_id: uuid.UUID, party: Party) -> Registration:
    """Returns the locked registration if the actor may speak for the party; operators see only their own."""
    if party in OFFICER_PARTIES:
        require(actor, Permission.PLACE_OFFICER_HOLD)
        return _foreign(actor, _locked(registration_id))
    require(actor, Permission.MANAGE_PERSONA)
    registration = _locked(registration_id)
    require_visible(actor.id in accounts.member_ids(registration.operator_id))
    if party is not Party.OPERATOR:
        raise Forbidden
    return registration


def _foreign(actor: Actor, registration: Registration) -> Registration:
    """Officers have no part in what they decide: neither as its operator nor by their face."""
    portrayed = registration.persona.licences.filter(portrayed=actor.id).exists()
    if portrayed or actor.id in accounts.member_ids(registration.operator_id):
        raise Forbidden(code="own_persona")
    return registration


def _locked(registration_id: uuid.UUID) -> Registration:
    found = Registration.objects.select_for_update().filter(pk=registration_id).first()
    if found is None:
        raise NotFound
    return found


def _touch(registration: Registration, now: datetime) -> None:
    Registration.objects.filter(pk=registration.pk).update(changed_at=now)


def _tell(event: Event, topic: Topic, actor: Actor, registration: Registration, now: datetime, **data: Any) -> None:
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
