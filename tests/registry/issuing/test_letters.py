"""The operator's members hear by mail what becomes of a registration."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.letters.models import Letter
from registry.issuing import services
from registry.issuing.models import Party, Registration
from registry.issuing.registry_id import printed
from registry.personas import services as personas
from registry.personas.models import Application, Persona
from registry.personas.queries import snapshot
from tests.post import deliver, read
from tests.registry.rows import persona_of, registration_of, verified

Act = Callable[[User], Actor]


@pytest.fixture
def registration(alice: User, now: datetime) -> Registration:
    """A registration of Alice's."""
    return registration_of(alice, now=now)


def approved(persona: Persona, alice: User, officer: Actor, now: datetime) -> Registration:
    """Returns the registration of an application that the officer approves."""
    application = Application.objects.create(persona=persona, facts=snapshot(persona), submitted_by=alice, submitted_at=now)
    personas.claim(actor=officer, application_id=application.pk, now=now)
    return services.register(actor=officer, application_id=application.pk, note="", now=now)


def test_an_approval_brings_the_id_and_the_records_link(alice: User, bob: User, act: Act, now: datetime) -> None:
    identity = verified(alice, now=now)
    issued = approved(persona_of(alice), alice, act(bob), now)
    [sent] = deliver()
    assert (sent.to, sent.subject) == (["alice@example.org"], "Your virtual human is registered")
    assert f"registered as {printed(issued.registry_id)}." in sent.body
    assert f"http://localhost:8000/r/{printed(issued.registry_id)}/" in sent.body
    for personal in (identity.full_name, identity.document_number, "alice", "bob"):
        assert str(personal) not in read([sent])
    approved(issued.persona, alice, act(bob), now)
    assert deliver()[-1].subject == "The changes to your virtual human are registered"


def test_an_officers_hold_is_told_and_so_is_its_end(registration: Registration, bob: User, act: Act, now: datetime) -> None:
    stop = {"actor": act(bob), "registration_id": registration.pk, "party": Party.OFFICER, "now": now}
    services.place_hold(reason="complaint", note="Shown without its label.", **stop)  # type: ignore[arg-type]
    [placed] = deliver()
    assert f"http://localhost:8000/home/personas/{registration.persona_id}/" in placed.body
    assert "label" not in placed.body
    services.lift_hold(**stop)  # type: ignore[arg-type]
    assert [each.subject for each in deliver()] == [
        "A hold has been put on your virtual human",
        "A hold on your virtual human has been lifted",
    ]


def test_a_hold_lifted_before_the_mail_went_is_not_told_as_standing(registration: Registration, bob: User, act: Act, now: datetime) -> None:
    stop = {"actor": act(bob), "registration_id": registration.pk, "party": Party.LEGAL, "now": now}
    services.place_hold(reason="court_order", note="", **stop)  # type: ignore[arg-type]
    services.lift_hold(**stop)  # type: ignore[arg-type]
    assert [each.subject for each in deliver()] == ["A hold on your virtual human has been lifted"]


def test_the_operators_own_hold_needs_no_letter(registration: Registration, alice: User, act: Act, now: datetime) -> None:
    stop = {"actor": act(alice), "registration_id": registration.pk, "party": Party.OPERATOR, "now": now}
    services.place_hold(reason="pause", note="", **stop)  # type: ignore[arg-type]
    services.lift_hold(**stop)  # type: ignore[arg-type]
    assert not Letter.objects.exists()


def test_a_revocation_is_told_in_the_language_of_the_operator(
    registration: Registration, alice: User, bob: User, act: Act, now: datetime
) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    services.revoke(actor=act(bob), registration_id=registration.pk, reason="false_statements", now=now)
    assert Letter.objects.get().language == "zh-hans"
    [sent] = deliver()
    assert printed(registration.registry_id) in sent.body
    assert "deception" not in sent.body


def test_a_dead_mail_server_stops_no_revocation(
    registration: Registration, bob: User, act: Act, now: datetime, settings: SimpleNamespace
) -> None:
    settings.EMAIL_BACKEND = "tests.portal.broken.Backend"
    services.revoke(actor=act(bob), registration_id=registration.pk, reason="false_statements", now=now)
    deliver()
    registration.refresh_from_db()
    assert (registration.revoked_at, Letter.objects.get().sent_at) == (now, None)
