"""Attacks on the officers' decisions: by the applicant before them, and by the officers themselves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from registry.consent import queries as consent
from registry.consent.models import Licence
from registry.issuing import services as issuing
from registry.issuing.models import Party, Registration
from registry.personas import queries, services
from registry.personas.models import Application, Persona
from registry.personas.rules import Details, Flag
from tests.registry import likenesses, rows
from verification import rules as verification
from verification import services as identities
from verification.models import Case, Identity
from verification.services import machine, outcome
from verification.services.sight import Sight
from verification.states import CaseState

Act = Callable[[User], Actor]


def _persona(alice: User, carol: User, now: datetime) -> Persona:
    likenesses.platform()
    rows.verified(alice, now=now)
    likenesses.verified(carol, now=now, face_of=likenesses.vector(3))
    persona = rows.persona_of(alice)
    for place in range(2):
        likenesses.portrait_of(persona, shows=likenesses.vector(3, off=0.1), position=place)
    return persona


def _sent(actor: Actor, persona: Persona, now: datetime) -> Application:
    return services.submit(actor=actor, persona=persona, evidence=consent.evidence(persona), now=now)


def test_what_the_officer_must_see_cannot_be_wiped_after_sending(alice: User, carol: User, act: Act, now: datetime) -> None:
    persona = _persona(alice, carol, now)
    application = _sent(act(alice), persona, now)
    details = queries.details_of(persona)
    with pytest.raises(Invalid) as refused:
        services.change(actor=act(alice), persona=persona, details=_with(details, portrayed="self"), now=now)
    assert "portrayed" in refused.value.errors
    assert all(Flag.RESEMBLES_VERIFIED_PERSON in each.flags for each in queries.portraits_sent(application))
    services.change(actor=act(alice), persona=persona, details=_with(details, description="Sells coffee."), now=now)


def _with(details: Details, **other: Any) -> Details:
    return replace(details, **other)


def test_consent_of_somebody_else_than_was_reviewed_registers_nothing(
    alice: User, bob: User, carol: User, eve: User, act: Act, now: datetime
) -> None:
    persona = _persona(alice, carol, now)
    Persona.objects.filter(pk=persona.pk).update(portrayed="other")
    persona.refresh_from_db()
    first = rows.licence_of(persona, carol, now=now)
    application = _sent(act(alice), persona, now)
    Licence.objects.filter(pk=first.pk).update(state="superseded")
    rows.licence_of(persona, eve, now=now)
    services.claim(actor=act(bob), application_id=application.pk, now=now)
    with pytest.raises(Conflict):
        issuing.register(actor=act(bob), application_id=application.pk, note="", now=now)
    assert not Registration.objects.exists()


@pytest.mark.parametrize("state", [CaseState.VERIFIED, CaseState.EXPIRED])
def test_a_revoked_identity_does_not_come_back_by_the_machine(state: CaseState, eve: User, bob: User, act: Act, now: datetime) -> None:
    rows.verified(eve, now=now)
    Case.objects.update(state=state)
    identities.revoke(actor=act(bob), user=eve, now=now)
    case = Case.objects.create(user=eve, state=CaseState.PROCESSING, created_at=now, submitted_at=now, **_document("1990-01-01"))
    facts = machine.facts_of(case, Sight(1, 1, 0.1, likenesses.vector(5)), None, consented=True, gave_up=False, now=now)
    assert facts.rejected_before
    assert verification.judge(facts).state == CaseState.REVIEW


@pytest.mark.parametrize(("born", "minor"), [("2010-01-01", True), ("1990-01-01", False)])
def test_a_minor_is_known_as_one_at_the_gate(born: str, minor: bool, eve: User, now: datetime) -> None:
    case = Case.objects.create(user=eve, state=CaseState.VERIFIED, created_at=now, **_document(born))
    rows.guardian_of(eve, now=now)
    outcome.establish(case, now=now)
    assert Identity.objects.get(user=eve).is_minor is minor


def _document(born: str) -> dict[str, str]:
    return {"document_type": "passport", "document_number": "E00112233", "full_name": "Eve Example", "birth_date": born}


def test_an_officer_has_no_say_about_their_own_face(registration: Registration, bob: User, act: Act, now: datetime) -> None:
    rows.licence_of(registration.persona, bob, now=now)
    hold = {"registration_id": registration.pk, "party": Party.OFFICER, "now": now}
    with pytest.raises(Forbidden):
        issuing.place_hold(actor=act(bob), reason="content", note="", **hold)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        issuing.lift_hold(actor=act(bob), **hold)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        issuing.revoke(actor=act(bob), registration_id=registration.pk, reason="issued_in_error", now=now)


def test_an_officer_who_joins_the_operator_later_decides_nothing_of_it(
    alice: User, bob: User, carol: User, act: Act, now: datetime
) -> None:
    persona = _persona(alice, carol, now)
    application = _sent(act(alice), persona, now)
    services.claim(actor=act(bob), application_id=application.pk, now=now)
    persona.operator.members.create(user=bob, role="agent", since=now)
    with pytest.raises(NotFound):
        issuing.register(actor=act(bob), application_id=application.pk, note="", now=now)


def test_a_claim_that_a_colleague_took_over_decides_nothing(
    alice: User, bob: User, dana: User, carol: User, act: Act, now: datetime
) -> None:
    application = _sent(act(alice), _persona(alice, carol, now), now)
    services.claim(actor=act(bob), application_id=application.pk, now=now)
    Application.objects.update(claimed_until=now)
    services.claim(actor=act(dana), application_id=application.pk, now=now)
    with pytest.raises(Conflict):
        services.reject(actor=act(bob), application_id=application.pk, reasons=["name_misleading"], note="", now=now)
    issuing.register(actor=act(dana), application_id=application.pk, note="", now=now)
    with pytest.raises(Conflict):
        issuing.register(actor=act(dana), application_id=application.pk, note="", now=now)
