"""Issuing: from an approved application to a registration, and the ways to stop one."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import connection

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.outbox.models import Message
from registry.issuing import queries, registry_id, services
from registry.issuing.models import Hold, Party, Registration, Version
from registry.issuing.verdict import Status
from registry.personas import services as personas
from registry.personas.models import Application, Persona
from registry.personas.queries import snapshot
from tests.registry.rows import persona_of, registration_of, verified

Act = Callable[[User], Actor]


def application_of(persona: Persona, user: User, now: datetime) -> Application:
    """Returns a submitted application of the persona."""
    return Application.objects.create(persona=persona, facts=snapshot(persona), submitted_by=user, submitted_at=now)


@pytest.fixture
def application(alice: User, now: datetime) -> Application:
    """Alice's synthetic persona, sent to review."""
    verified(alice, now=now)
    return application_of(persona_of(alice), alice, now)


def approved(application: Application, officer: Actor, now: datetime) -> Registration:
    """Returns the registration the officer issues."""
    personas.claim(actor=officer, application_id=application.pk, now=now)
    return services.register(actor=officer, application_id=application.pk, note="", now=now)


def test_an_approved_application_becomes_a_registration(application: Application, bob: User, act: Act, now: datetime) -> None:
    registration = approved(application, act(bob), now)
    assert registry_id.canonical(registration.registry_id) == registration.registry_id
    assert registration.facts == application.facts
    assert queries.status_of(registration, now) is Status.ACTIVE
    assert Version.objects.get().application == application
    assert Entry.objects.filter(event=Event.REGISTRATION_ISSUED, subject_id=registration.pk).exists()
    assert Message.objects.filter(topic="persona.registered").count() == 1


def test_it_is_issued_once(application: Application, bob: User, dana: User, act: Act, now: datetime) -> None:
    approved(application, act(bob), now)
    for officer in (bob, dana):
        with pytest.raises(Conflict):
            services.register(actor=act(officer), application_id=application.pk, note="", now=now)
    assert Registration.objects.count() == 1


def test_nobody_approves_their_own(alice: User, bob: User, act: Act, now: datetime) -> None:
    verified(bob, now=now)
    own = application_of(persona_of(bob), bob, now)
    with pytest.raises((Forbidden, NotFound)):
        approved(own, act(bob), now)
    with pytest.raises(Forbidden):
        approved(own, act(alice), now)
    assert Registration.objects.count() == 0


def test_a_licence_that_ended_meanwhile_stops_the_approval(alice: User, bob: User, act: Act, now: datetime) -> None:
    verified(alice, now=now)
    application = application_of(persona_of(alice, portrayed="other"), alice, now)
    with pytest.raises(Conflict):
        approved(application, act(bob), now)
    application.refresh_from_db()
    assert application.state != "approved"


def test_a_material_change_is_a_new_version_of_the_same_registration(
    application: Application, alice: User, bob: User, act: Act, now: datetime
) -> None:
    first = approved(application, act(bob), now)
    persona = application.persona
    persona.description = "Sells coffee now."
    persona.save()
    later = now + timedelta(days=1)
    change = application_of(persona, alice, later)
    first.refresh_from_db()
    assert first.facts["description"] == "Sells tea."  # the old facts stand until it is decided
    second = approved(change, act(bob), later)
    assert (second.pk, second.registry_id, second.version) == (first.pk, first.registry_id, 2)
    assert second.facts["description"] == "Sells coffee now."
    assert second.expires_at == later + services.TERM


def test_an_id_that_is_taken_is_drawn_again(application: Application, alice: User, bob: User, act: Act, now: datetime) -> None:
    taken = registration_of(alice, now=now, name_en="Other").registry_id
    draws = [taken, taken, registry_id.draw()]
    with mock.patch.object(registry_id, "draw", side_effect=draws):
        assert approved(application, act(bob), now).registry_id != taken


def test_holds_are_a_set_and_each_party_lifts_its_own(alice: User, bob: User, act: Act, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    founded = ((alice, Party.OPERATOR, "pause"), (bob, Party.OFFICER, "complaint"), (bob, Party.LEGAL, "court_order"))
    for user, party, reason in founded:
        services.place_hold(actor=act(user), registration_id=registration.pk, party=party, reason=reason, note="", now=now)
    assert queries.facts_of(registration).holds == {"operator", "officer", "legal"}
    with pytest.raises(Forbidden):
        services.lift_hold(actor=act(alice), registration_id=registration.pk, party=Party.OFFICER, now=now)
    services.lift_hold(actor=act(bob), registration_id=registration.pk, party=Party.OFFICER, now=now)
    with pytest.raises(Conflict):
        services.lift_hold(actor=act(bob), registration_id=registration.pk, party=Party.OFFICER, now=now)
    assert queries.status_of(registration, now) is Status.SUSPENDED
    assert Hold.objects.filter(lifted_at=None).count() == 2


@pytest.mark.parametrize("party", [Party.CONSENT, Party.LABEL, Party.LEGAL, Party.OFFICER])
def test_an_operator_speaks_for_nobody_else(party: Party, alice: User, act: Act, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    with pytest.raises(Forbidden):
        services.place_hold(actor=act(alice), registration_id=registration.pk, party=party, reason="pause", note="", now=now)


def test_an_officer_has_no_part_in_what_they_hold_or_revoke(bob: User, act: Act, now: datetime) -> None:
    registration = registration_of(bob, now=now)
    with pytest.raises(Forbidden):
        services.place_hold(actor=act(bob), registration_id=registration.pk, party=Party.OFFICER, reason="complaint", note="", now=now)
    with pytest.raises(Forbidden):
        services.revoke(actor=act(bob), registration_id=registration.pk, reason="issued_in_error", now=now)


def test_a_revoked_registration_is_revoked_for_good(application: Application, alice: User, bob: User, act: Act, now: datetime) -> None:
    registration = approved(application, act(bob), now)
    services.revoke(actor=act(bob), registration_id=registration.pk, reason="false_statements", now=now)
    with pytest.raises(Conflict):
        services.revoke(actor=act(bob), registration_id=registration.pk, reason="false_statements", now=now)
    change = application_of(application.persona, alice, now)
    with pytest.raises(Conflict):
        approved(change, act(bob), now)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_issue_one_registration(alice: User, bob: User, act: Act, now: datetime) -> None:
    verified(alice, now=now)
    application = application_of(persona_of(alice), alice, now)
    personas.claim(actor=act(bob), application_id=application.pk, now=now)
    outcomes: list[str] = []

    def approve() -> None:
        try:
            services.register(actor=act(bob), application_id=application.pk, note="", now=now)
            outcomes.append("issued")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=approve) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "issued"]
    assert Registration.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "because", "court_order"])
def test_a_hold_needs_a_ground_of_its_own_party(reason: str, alice: User, act: Act, now: datetime) -> None:
    registration = registration_of(alice, now=now)
    with pytest.raises(Invalid):
        services.place_hold(actor=act(alice), registration_id=registration.pk, party=Party.OPERATOR, reason=reason, note="", now=now)
    assert queries.status_of(registration, now) is Status.ACTIVE
