"""In whose name a persona is described, and who may manage it afterwards."""

import re
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.kit import clock
from portal.kit.errors import NotFound
from registry.personas import acting, queries
from registry.personas import services as personas
from registry.personas.models import Persona
from registry.personas.rules import Details
from tests import organisations
from tests.organisations import OTHER_CODE
from tests.registry import likenesses
from tests.registry.desk.desk import signed_in, text_of
from verification.organisations import services
from verification.organisations.models import Organisation

WHOLE = {"name_zh": "小林", "description": "Sells tea.", "drive_mode": "human", "portrayed": "nobody", "platforms": ["demo-live"]}


@pytest.fixture
def now() -> datetime:
    """The present: pages ask the clock themselves."""
    return clock.now()


@pytest.fixture
def star(alice: User, bob: User, now: datetime) -> Organisation:
    """Star River Culture, verified; Alice owns it."""
    return organisations.decided(organisations.submitted(alice, now), bob, now)


@pytest.fixture(autouse=True)
def _platform(db: None) -> None:
    likenesses.platform()


def _new(browser: Client, **more: str) -> int:
    return browser.post(reverse("personas:new"), WHOLE | more).status_code


def test_who_acts_for_nobody_is_not_asked(alice: User) -> None:
    assert 'name="operator"' not in text_of(signed_in(alice).get(reverse("personas:new")))
    assert _new(signed_in(alice)) == 302


def test_a_choice_is_asked_for_taken_and_remembered(star: Organisation, alice: User) -> None:
    browser, value = signed_in(alice), str(star.operator_id)
    assert browser.get(reverse("personas:new")).context["form"].initial == {"operator": ""}
    assert _new(browser) == 422
    assert _new(browser, operator=value) == 302
    assert str(Persona.objects.get().operator_id) == value
    assert acting.last_choice(actor_for(alice)) == value
    assert re.search(rf'value="{value}"[^>]*checked', text_of(browser.get(reverse("personas:new"))))
    assert "For 星河文化有限公司" in text_of(browser.get(reverse("personas:list")))
    assert _new(browser, operator="myself") == 302
    assert acting.last_choice(actor_for(alice)) == "myself"


def test_an_agent_of_one_organisation_does_not_act_for_another(
    star: Organisation,
    alice: User,
    eve: User,
    bob: User,
    now: datetime,
) -> None:
    moon = organisations.decided(organisations.submitted(eve, now, uscc=OTHER_CODE), bob, now)
    assert _new(signed_in(alice), operator=str(moon.operator_id)) == 422
    with pytest.raises(NotFound):
        acting.chosen(actor_for(alice), str(moon.operator_id), now)
    with pytest.raises(NotFound):
        personas.create(actor=actor_for(alice), operator=moon.operator, details=Details(name_en="X"), now=now)  # type: ignore[arg-type]
    assert not Persona.objects.exists()


def test_every_agent_manages_the_organisations_personas_until_they_are_removed(
    star: Organisation,
    alice: User,
    carol: User,
    now: datetime,
) -> None:
    _new(signed_in(alice), operator=str(star.operator_id))
    persona, mandate = Persona.objects.get(), organisations.agent(star, alice, carol, now)
    pages = [reverse(name, args=[persona.pk]) for name in ("personas:edit", "personas:portraits", "home:persona", "consent:invite")]
    assert [signed_in(carol).get(page).status_code for page in pages] == [200] * 4
    services.end_mandate(actor=actor_for(alice), organisation=star, mandate_id=mandate.pk, now=now)
    browser = signed_in(carol)
    assert [verb(page, WHOLE).status_code for page in pages for verb in (browser.get, browser.post)] == [
        404,
        404,
        404,
        404,
        404,
        405,
        404,
        404,
    ]
    assert not queries.visible_to(actor_for(carol)).exists()
    assert _new(browser, operator=str(star.operator_id)) in (302, 422)  # their own, or refused: never the organisation's
    assert Persona.objects.filter(operator=star.operator_id).count() == 1


def test_it_is_answered_for_as_the_organisation(star: Organisation, alice: User, bob: User, now: datetime) -> None:
    operator = star.operator
    assert operator is not None
    assert queries.answered_for(operator, now)
    services.revoke(actor=actor_for(bob), organisation_id=star.pk, reason="not_an_agent", now=now)
    assert not queries.answered_for(operator, now)
    _new(signed_in(alice), operator=str(operator.pk))
    page = text_of(signed_in(alice).get(reverse("home:persona", args=[Persona.objects.get().pk])))
    assert "Look at the organisation" in page
