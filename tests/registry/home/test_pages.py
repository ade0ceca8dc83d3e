"""The dashboard and the page of a persona."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit import clock
from registry.gate.models import Decision
from registry.issuing import queries as issuing
from registry.issuing import services as issuing_services
from registry.issuing.models import Registration
from registry.issuing.verdict import Status
from registry.personas import services as personas
from registry.personas.models import Application
from registry.personas.queries import snapshot
from tests.registry.rows import licence_of, persona_of, portrait_of, registration_of, verified

Act = Callable[[User], Actor]


@pytest.fixture
def registration(alice: User) -> Registration:
    """A registered synthetic persona of Alice."""
    return registration_of(alice, now=clock.now())


def test_a_newcomer_is_told_to_verify(client: Client, eve: User) -> None:
    client.force_login(eve)
    body = client.get("/home/").content.decode()
    assert "/identity/" in body
    assert "/personas/new/" in body


def test_the_dashboard_lists_the_own_personas_only(client: Client, registration: Registration, alice: User, eve: User) -> None:
    address = f"/home/personas/{registration.persona_id}/"
    client.force_login(alice)
    assert address in client.get("/home/").content.decode()
    client.force_login(eve)
    assert address not in client.get("/home/").content.decode()
    assert client.get(address).status_code == 404


def test_an_auditor_has_no_buttons_that_change(client: Client, frank: User) -> None:
    client.force_login(frank)
    body = client.get("/home/").content.decode()
    assert "/desk/" in body
    assert "/personas/new/" not in body


def test_an_operator_stops_a_persona_and_lets_it_go_on(client: Client, registration: Registration, alice: User) -> None:
    client.force_login(alice)
    client.post(f"/home/registrations/{registration.pk}/hold/", {"reason": "pause", "note": ""})
    assert issuing.status_of(registration, clock.now()) is Status.SUSPENDED
    again = client.post(f"/home/registrations/{registration.pk}/hold/", {"reason": "pause", "note": ""})
    assert again.status_code == 409
    client.post(f"/home/registrations/{registration.pk}/lift/")
    assert issuing.status_of(registration, clock.now()) is Status.ACTIVE


def test_a_stranger_stops_nothing(client: Client, registration: Registration, eve: User) -> None:
    client.force_login(eve)
    assert client.post(f"/home/registrations/{registration.pk}/hold/", {"reason": "pause"}).status_code == 404
    assert client.post(f"/home/registrations/{registration.pk}/lift/").status_code == 404
    assert issuing.status_of(registration, clock.now()) is Status.ACTIVE


def test_submitting_too_early_says_everything_that_is_missing(client: Client, alice: User) -> None:
    persona = persona_of(alice, description="", drive_mode="")
    client.force_login(alice)
    response = client.post(f"/home/personas/{persona.pk}/submit/", follow=True)
    body = response.content.decode()
    for text in ("Describe the persona.", "Say how the persona is driven.", "Add at least two portraits."):
        assert text in body
    assert persona.applications.count() == 0


def test_the_chain_says_what_comes_next(client: Client, alice: User) -> None:
    persona = persona_of(alice, portrayed="other")
    client.force_login(alice)
    body = client.get(f"/home/personas/{persona.pk}/").content.decode()
    assert "/identity/" in body
    assert 'aria-current="step"' in body


def test_the_portrayed_person_sees_every_use_and_nobody_else_does(
    client: Client, alice: User, carol: User, eve: User, now: datetime
) -> None:
    registration = registration_of(alice, now=now, portrayed="other")
    licence = licence_of(registration.persona, carol, now=now)
    Decision.objects.create(
        at=now,
        as_of=now,
        platform="demo-live",
        key=licence.pk,
        registry_id=registration.registry_id,
        ask={"activity": "live"},
        allowed=True,
    )
    for user, status in ((carol, 200), (eve, 404), (alice, 404)):
        client.force_login(user)
        response = client.get(f"/home/likeness/{licence.pk}/")
        assert response.status_code == status
        assert ("demo-live" in response.content.decode()) is (status == 200)


def test_an_unchanged_registered_persona_is_not_sent_again_and_a_changed_one_is(client: Client, alice: User, bob: User, act: Act) -> None:
    moment = clock.now()
    verified(alice, now=moment)
    persona = persona_of(alice)
    for number in range(2):
        portrait_of(persona, number, now=moment)
    application = Application.objects.create(persona=persona, facts=snapshot(persona), submitted_by=alice, submitted_at=moment)
    personas.claim(actor=act(bob), application_id=application.pk, now=moment)
    issuing_services.register(actor=act(bob), application_id=application.pk, note="", now=moment)
    client.force_login(alice)
    address, send = f"/home/personas/{persona.pk}/", f"/home/personas/{persona.pk}/submit/"
    assert send not in client.get(address).content.decode()
    persona.description = "Sells coffee now."
    persona.save()
    assert send in client.get(address).content.decode()
