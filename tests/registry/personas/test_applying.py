"""Sending a persona to review, and what officers do with it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.access.actor import Actor
from portal.accounts.models import Member, User
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from registry.personas import queries, services
from registry.personas.models import Application, Persona
from registry.personas.rules import CLAIM_LIFE, ConsentEvidence, Flag
from registry.personas.states import ApplicationState
from tests.cast import EPOCH
from tests.registry import likenesses
from tests.registry.rows import persona_of

Act = Callable[[User], Actor]
NOT_NEEDED = ConsentEvidence(needed=False, granted=False)


def ready(user: User, now: datetime, **fields: str) -> Persona:
    """Returns a persona with two checked portraits, whose operator is verified."""
    likenesses.verified(user, now=now, face_of=likenesses.vector(1))
    persona = persona_of(user, **fields)
    for place in range(2):
        likenesses.portrait_of(persona, shows=likenesses.vector(2), position=place)
    return persona


def submitted(user: User, act: Act, now: datetime, **fields: str) -> Application:
    return services.submit(actor=act(user), persona=ready(user, now, **fields), evidence=NOT_NEEDED, now=now)


def test_submission_is_refused_with_every_missing_thing(alice: User, act: Act, now: datetime) -> None:
    persona = persona_of(alice, description="", drive_mode="", portrayed="other")
    likenesses.portrait_of(persona, shows=None, checked_at=None)
    with pytest.raises(Invalid) as refused:
        services.submit(actor=act(alice), persona=persona, evidence=ConsentEvidence(True, False), now=now)
    assert set(refused.value.errors) == {"description", "drive_mode", "portraits", "unchecked", "operator", "licence"}


def test_what_was_sent_stays_as_it_was_sent(alice: User, act: Act, now: datetime) -> None:
    application = submitted(alice, act, now)
    Persona.objects.filter(pk=application.persona_id).update(name_en="Other")
    application.refresh_from_db()
    assert application.facts["name_en"] == "Lin"
    assert len(application.facts["portraits"]) == 2


def test_a_second_application_waits_for_the_first(alice: User, act: Act, now: datetime) -> None:
    application = submitted(alice, act, now)
    with pytest.raises(Conflict):
        services.submit(actor=act(alice), persona=application.persona, evidence=NOT_NEEDED, now=now)


def test_a_stranger_sends_nothing(alice: User, eve: User, act: Act, now: datetime) -> None:
    with pytest.raises(NotFound):
        services.submit(actor=act(eve), persona=ready(alice, now), evidence=NOT_NEEDED, now=now)


def test_the_licensed_persons_face_is_compared_when_it_is_sent(alice: User, carol: User, act: Act, now: datetime) -> None:
    likenesses.verified(carol, now=now, face_of=likenesses.vector(3))
    persona = ready(alice, now, portrayed="other")
    evidence = ConsentEvidence(needed=True, granted=True, portrayed_user=carol.pk, distance=0.9)
    application = services.submit(actor=act(alice), persona=persona, evidence=evidence, now=now)
    assert (application.portrayed_user, application.face_distance) == (carol, 0.9)
    assert {flag for portrait in persona.portraits.all() for flag in portrait.flags} == {Flag.NOT_NAMED_PERSON}


def test_an_officer_claims_asks_for_changes_and_gets_it_again(alice: User, bob: User, act: Act, now: datetime) -> None:
    application = submitted(alice, act, now)
    services.claim(actor=act(bob), application_id=application.pk, now=now)
    asked = services.request_changes(actor=act(bob), application_id=application.pk, reasons=["description_unclear"], note="More.", now=now)
    assert asked.state == ApplicationState.CHANGES_REQUESTED
    again = services.submit(actor=act(alice), persona=application.persona, evidence=NOT_NEEDED, now=now)
    assert (again.pk, again.state, again.officer) == (application.pk, ApplicationState.SUBMITTED, None)


def test_two_officers_do_not_decide_at_once(alice: User, bob: User, dana: User, act: Act, now: datetime) -> None:
    application = submitted(alice, act, now)
    services.claim(actor=act(bob), application_id=application.pk, now=now)
    with pytest.raises(Conflict):
        services.claim(actor=act(dana), application_id=application.pk, now=now)
    with pytest.raises(Conflict):
        services.approve(actor=act(dana), application_id=application.pk, note="", now=now)
    later = now + CLAIM_LIFE
    services.claim(actor=act(dana), application_id=application.pk, now=later)
    with pytest.raises(Conflict):
        services.approve(actor=act(bob), application_id=application.pk, note="", now=later)
    assert services.approve(actor=act(dana), application_id=application.pk, note="", now=later).decided_by_id == dana.pk
    with pytest.raises(Conflict):
        services.approve(actor=act(dana), application_id=application.pk, note="", now=later)


def test_an_application_must_be_claimed_before_it_is_decided(alice: User, bob: User, act: Act, now: datetime) -> None:
    with pytest.raises(Conflict):
        services.approve(actor=act(bob), application_id=submitted(alice, act, now).pk, note="", now=now)


def test_no_officer_decides_on_their_operator_or_their_face(alice: User, bob: User, dana: User, act: Act, now: datetime) -> None:
    application = submitted(alice, act, now)
    Member.objects.create(operator=application.persona.operator, user=bob, since=EPOCH)
    Application.objects.filter(pk=application.pk).update(portrayed_user=dana)
    for officer in (bob, dana):
        assert not queries.waiting_applications(act(officer)).exists()
        with pytest.raises(NotFound):
            services.claim(actor=act(officer), application_id=application.pk, now=now)


def test_an_appeal_goes_to_another_officer(alice: User, bob: User, dana: User, act: Act, now: datetime) -> None:
    first = submitted(alice, act, now)
    services.claim(actor=act(bob), application_id=first.pk, now=now)
    services.reject(actor=act(bob), application_id=first.pk, reasons=["name_misleading"], note="", now=now)
    appeal = services.submit(actor=act(alice), persona=first.persona, evidence=NOT_NEEDED, now=now + timedelta(hours=1))
    assert appeal.pk != first.pk
    with pytest.raises(Forbidden):
        services.claim(actor=act(bob), application_id=appeal.pk, now=now)
    assert services.claim(actor=act(dana), application_id=appeal.pk, now=now).state == ApplicationState.IN_REVIEW


def test_a_refusal_needs_a_known_reason(alice: User, bob: User, act: Act, now: datetime) -> None:
    application = submitted(alice, act, now)
    services.claim(actor=act(bob), application_id=application.pk, now=now)
    for reasons, note in ([], ""), (["because"], ""), (["other"], " "):
        with pytest.raises(Invalid):
            services.reject(actor=act(bob), application_id=application.pk, reasons=reasons, note=note, now=now)


def test_an_auditor_reads_and_an_operator_does_not(alice: User, frank: User, act: Act, now: datetime) -> None:
    application = submitted(alice, act, now)
    assert queries.application_for_desk(act(frank), application.pk) == application
    with pytest.raises(Forbidden):
        services.claim(actor=act(frank), application_id=application.pk, now=now)
    with pytest.raises(Forbidden):
        queries.waiting_applications(act(alice))


def test_a_released_application_waits_for_anybody(alice: User, bob: User, act: Act, now: datetime) -> None:
    application = submitted(alice, act, now)
    services.claim(actor=act(bob), application_id=application.pk, now=now)
    released = services.release(actor=act(bob), application_id=application.pk, now=now)
    assert (released.state, released.officer_id) == (ApplicationState.SUBMITTED, None)
