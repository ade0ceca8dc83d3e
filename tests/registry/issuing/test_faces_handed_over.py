"""A face that was registered, after the registration went to another operator."""

from collections.abc import Callable
from datetime import datetime, timedelta

from portal.access.actor import Actor
from portal.accounts.models import User
from registry.consent.models import Licence
from registry.issuing import queries
from registry.issuing.models import Registration
from registry.issuing.verdict import Status
from registry.personas.models import Application
from tests.post import deliver
from tests.registry.issuing.handing import ask, give, receive
from tests.registry.rows import licence_of, registration_of, verified

Actors = Callable[[User], Actor]
DAY = timedelta(days=1)


def test_the_portrayed_persons_licence_does_not_pass_on(alice: User, carol: User, eve: User, act: Actors, now: datetime) -> None:
    verified(carol, now=now)
    verified(eve, now=now)
    registration = registration_of(alice, now=now, portrayed="other")
    licence = licence_of(registration.persona, carol, now=now)
    transfer = ask(registration, act(alice), now)
    give(transfer, act(alice), now)
    assert queries.status_of(registration, now) is Status.ACTIVE
    receive(transfer, act(eve), now)
    licence = Licence.objects.get(pk=licence.pk)
    assert (licence.state, licence.ended_at, licence.email) == ("superseded", now, None)
    assert queries.status_of(registration, now) is Status.SUSPENDED
    mails = {each.to[0]: each.body for each in deliver()}
    assert "has passed to another operator" in mails["carol@example.org"]
    assert "licence has not passed on" in mails["eve@example.org"]
    again = licence_of(registration.persona, carol, now=now)  # Carol grants Eve one of her own
    assert (queries.status_of(registration, now), again.state) == (Status.ACTIVE, "granted")


def test_the_givers_own_face_is_anothers_afterwards(alice: User, eve: User, act: Actors, now: datetime) -> None:
    verified(eve, now=now)
    registration = registration_of(alice, now=now, portrayed="self")
    Application.objects.update(portrayed_user=alice)
    assert queries.status_of(registration, now) is Status.ACTIVE
    transfer = ask(registration, act(alice), now)
    give(transfer, act(alice), now)
    receive(transfer, act(eve), now)
    registration = Registration.objects.select_related("persona").get()
    assert registration.facts["portrayed"] == registration.persona.portrayed == "other"
    assert queries.status_of(registration, now) is Status.SUSPENDED
    licence_of(registration.persona, eve, now=now).delete()  # Eve cannot license the face of Alice
    licence_of(registration.persona, alice, now=now)
    assert queries.status_of(registration, now) is Status.ACTIVE


def test_whoever_takes_over_their_own_face_needs_no_licence(alice: User, carol: User, act: Actors, now: datetime) -> None:
    verified(carol, now=now)
    registration = registration_of(alice, now=now, portrayed="other")
    licence_of(registration.persona, carol, now=now)
    transfer = ask(registration, act(alice), now, email=carol.email)
    give(transfer, act(alice), now)
    receive(transfer, act(carol), now)
    registration = Registration.objects.select_related("persona").get()
    assert registration.facts["portrayed"] == registration.persona.portrayed == "self"
    assert queries.status_of(registration, now) is Status.ACTIVE
