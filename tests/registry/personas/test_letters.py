"""The operator's members hear by mail that an application is their turn again, or over."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from portal.access.actor import Actor
from portal.accounts.models import Member, User
from portal.letters.models import Letter
from registry.personas import services
from registry.personas.models import Application
from registry.personas.queries import snapshot
from registry.personas.rules import ConsentEvidence
from tests.cast import EPOCH
from tests.post import deliver, read
from tests.registry import likenesses
from tests.registry.rows import persona_of

Act = Callable[[User], Actor]


@pytest.fixture
def claimed(alice: User, bob: User, act: Act, now: datetime) -> Application:
    """Alice's application, Bob's to decide."""
    persona = persona_of(alice)
    application = Application.objects.create(persona=persona, facts=snapshot(persona), submitted_by=alice, submitted_at=now)
    return services.claim(actor=act(bob), application_id=application.pk, now=now)


def test_changes_are_asked_of_every_member_without_the_reasons(claimed: Application, bob: User, eve: User, act: Act, now: datetime) -> None:
    Member.objects.create(operator=claimed.persona.operator, user=eve, since=EPOCH)
    note = "Say who answers."
    services.request_changes(actor=act(bob), application_id=claimed.pk, reasons=["description_unclear"], note=note, now=now)
    sent = deliver()
    assert sorted(each.to[0] for each in sent) == ["alice@example.org", "eve@example.org"]
    assert {each.subject for each in sent} == {"Please change something in your application"}
    assert f"http://localhost:8000/home/personas/{claimed.persona_id}/" in sent[0].body
    assert claimed.reference in sent[0].body
    for untold in (note, "escription", "bob", "alice", "eve"):
        assert untold not in read(sent)


def test_a_rejection_is_told_once(claimed: Application, alice: User, bob: User, act: Act, now: datetime) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    services.reject(actor=act(bob), application_id=claimed.pk, reasons=["not_allowed_content"], note="No.", now=now)
    assert Letter.objects.get().language == "zh-hans"
    for _ in range(2):
        assert len(deliver()) == 1


def test_changes_that_were_made_meanwhile_are_not_asked_for(claimed: Application, alice: User, bob: User, act: Act, now: datetime) -> None:
    likenesses.verified(alice, now=now - timedelta(days=1), face_of=likenesses.vector(1))
    for place in range(2):
        likenesses.portrait_of(claimed.persona, shows=likenesses.vector(2), position=place)
    services.request_changes(actor=act(bob), application_id=claimed.pk, reasons=["description_unclear"], note="", now=now)
    services.submit(actor=act(alice), persona=claimed.persona, evidence=ConsentEvidence(needed=False, granted=False), now=now)
    assert deliver() == []


def test_a_dead_mail_server_stops_no_decision(claimed: Application, bob: User, act: Act, now: datetime, settings: SimpleNamespace) -> None:
    settings.EMAIL_BACKEND = "tests.portal.broken.Backend"
    services.reject(actor=act(bob), application_id=claimed.pk, reasons=["not_allowed_content"], note="", now=now)
    deliver()
    claimed.refresh_from_db()
    assert (claimed.state, Letter.objects.get().sent_at) == ("rejected", None)
