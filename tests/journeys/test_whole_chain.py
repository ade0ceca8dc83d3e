"""The whole chain, walked by people at their browsers: from a stranger's sign-up to a running permission, and to its end."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from registry.issuing import registry_id
from tests.journeys import people, steps
from tests.journeys.people import Person
from tests.journeys.site import Visitor, visitor
from tests.stack import Demo

pytestmark = [pytest.mark.stack, pytest.mark.browser]

Open = Callable[..., Browser]
IDENTIFY = 'form[action$="/identify/"]'
SECONDS = 5.0  # how soon the gate knows


@dataclass(frozen=True, slots=True)
class Story:
    """Who plays, in which language and on what screen."""

    operator: Person
    portrayed: Person
    texts: dict[str, str]
    how: dict[str, Any]

    @property
    def name(self) -> str:
        """What the persona is called."""
        return next(iter(self.texts.values()))


ENGLISH = Story(
    operator=people.NORA,
    portrayed=people.PAUL,
    texts={"name_en": "Lantern", "description": "Reads poems and sells lamps.", "handle_demo-live": "@lantern"},
    how={},
)
CHINESE = Story(
    operator=people.WEN,
    portrayed=people.LAN,
    texts={"name_zh": "灯影", "description": "朗读诗歌，也卖灯具。", "handle_demo-live": "@dengying"},
    how={"language": "zh-hans", "phone": True},
)


@pytest.mark.parametrize("story", [ENGLISH, CHINESE], ids=["english-desktop", "chinese-phone"])
def test_the_chain_closes_link_by_link_and_breaks_with_one(story: Story, demo: Demo, open_browser: Open, tmp_path: Path) -> None:
    with (
        visitor(demo, open_browser(tmp_path / "operator.mjpeg"), camera=tmp_path / "operator.mjpeg", **story.how) as operator,
        visitor(demo, open_browser(tmp_path / "portrayed.mjpeg"), camera=tmp_path / "portrayed.mjpeg", **story.how) as portrayed,
        visitor(demo, open_browser(), **story.how) as officer,
    ):
        persona = an_operator_describes_somebody_else(story, operator, officer)
        the_portrayed_person_allows_less(story, portrayed, officer)
        number = an_officer_registers_it(story, operator, officer, persona)
        the_gate_allows_what_is_licensed(demo, number)
        the_public_sees_no_person(story, officer, number)
        the_portrayed_person_withdraws(portrayed)
        the_gate_denies_from_now_on(demo, number)
        the_trail_shows_every_link(demo, persona)
        operator.visit(persona)
        assert operator.find('form[action$="/submit/"]').count() == 0


def test_a_verified_person_cannot_license_another_face(demo: Demo, open_browser: Open) -> None:
    browser = open_browser()
    with visitor(demo, browser) as alice, visitor(demo, browser) as carol:
        steps.sign_in_of_the_cast(alice, "alice")
        persona = steps.describe_persona(alice, portrayed="other", shows="dana", name_en="Not Carol", description="Shows somebody.")
        steps.invite(alice, persona, demo.told["logins"]["carol"]["email"])
        steps.sign_in_of_the_cast(carol, "carol")
        steps.open_mail(carol, demo.told["logins"]["carol"]["email"], "/licences/i/", about="Not Carol")
        carol.send()
        licence = carol.path
        carol.send(IDENTIFY, status=422)
        assert carol.find(".notice-warn").count() == 1  # the refusal says what to do
        carol.visit(licence)
        assert carol.find(IDENTIFY).count() == 1  # no step further: there are no terms to grant
        assert carol.post(f"{licence}grant/", step="grant", media="live", purposes="commerce").url.endswith(licence)
        assert states(demo, persona) == ["opened"]
        cannot_be_sent(alice, persona)


def an_operator_describes_somebody_else(story: Story, operator: Visitor, officer: Visitor) -> str:
    """Returns the address of the persona's page. Nothing can be sent to review yet."""
    steps.sign_up(operator, story.operator)
    operator.visit("/desk/", status=403)
    steps.verify_identity(operator, story.operator, officer)
    persona = steps.describe_persona(operator, portrayed="other", shows=story.portrayed.face, **story.texts)
    cannot_be_sent(operator, persona)
    steps.invite(operator, persona, story.portrayed.email)
    cannot_be_sent(operator, persona)
    return persona


def states(demo: Demo, persona: str) -> list[str]:
    """Returns the states of a persona's licences."""
    return [state for (state,) in demo.rows("SELECT state FROM consent_licence WHERE persona_id = %s", persona.split("/")[-2])]


def cannot_be_sent(operator: Visitor, persona: str) -> None:
    """Fails if the persona can be sent to review, by a button or without one."""
    operator.visit(persona)
    assert operator.find('form[action$="/submit/"]').count() == 0
    assert "notice-bad" in operator.post(f"{persona}submit/").text()  # what is missing is said
    assert operator.demo.rows("SELECT 1 FROM personas_application WHERE persona_id = %s", persona.split("/")[-2]) == []


def the_portrayed_person_allows_less(story: Story, portrayed: Visitor, officer: Visitor) -> None:
    """Comes by the mail as a newcomer, is verified, and leaves entertainment out."""
    steps.open_mail(portrayed, story.portrayed.email, "/licences/i/")
    invitation = portrayed.path
    portrayed.press("button[name=way][value=signup]")
    steps.sign_up(portrayed, story.portrayed)
    assert portrayed.path == invitation  # back where they came from
    portrayed.send()
    licence = portrayed.path
    assert portrayed.find(IDENTIFY).count() == 0  # not before the identity is verified
    portrayed.press('main a[href^="/identity/"]')
    steps.verify_identity(portrayed, story.portrayed, officer)
    portrayed.press(f'main a[href="{licence}"]')
    portrayed.visit(invitation, status=404)  # the link worked once
    portrayed.visit(licence)
    steps.grant_without(portrayed, "entertainment")


def an_officer_registers_it(story: Story, operator: Visitor, officer: Visitor, persona: str) -> str:
    """Returns the registry ID."""
    operator.visit(persona)
    assert operator.find(".registry-id-large").count() == 0
    operator.send('form[action$="/submit/"]')
    assert operator.find('form[action$="/submit/"]').count() == 0  # sent once
    assert operator.find(".registry-id-large").count() == 0  # and not approved by itself
    steps.sign_in_of_the_cast(officer, "bob")
    steps.approve(officer, story.name)
    operator.visit(persona)
    return operator.find(".registry-id-large").inner_text().strip()


def the_gate_allows_what_is_licensed(demo: Demo, number: str) -> None:
    """Also: it knows no ID that was not issued, and denies the purpose that was left out."""
    status, answer = demo.ask(registry_id.printed(registry_id.draw()))
    assert (status, answer["code"]) == (404, "persona_unknown")
    answer = eventually(demo, number, "allow")
    assert answer["obligations"]["label"]["text"]["zh"] == "数字人"
    assert demo.ask(number, purpose="commerce")[1]["decision"] == "allow"
    assert reasons(demo.ask(number, purpose="entertainment")[1]) == ["scope_not_covered"]


def eventually(demo: Demo, number: str, decision: str) -> dict[str, Any]:
    """Returns the gate's answer once it is the one wanted; fails if that takes too long."""
    deadline = time.monotonic() + SECONDS
    while (answer := demo.ask(number)[1]).get("decision") != decision:
        assert time.monotonic() < deadline, answer
        time.sleep(0.1)
    return answer


def reasons(answer: dict[str, Any]) -> list[str]:
    """Returns the codes of a refusal."""
    return [reason["code"] for reason in answer["reasons"]]


def the_public_sees_no_person(story: Story, anybody: Visitor, number: str) -> None:
    """The record says who is registered and that somebody answers for it, and names nobody."""
    anybody.visit(f"/search/?q={number.replace('-', '').lower()}")
    if anybody.path == "/search/":
        anybody.press(f'main a[href="/r/{number}/"]')
    expect(anybody.find(".registry-id-large")).to_have_text(number)
    shown = anybody.page.content()
    assert story.name in shown
    for person in (story.operator, story.portrayed):
        assert not any(secret in shown for secret in (person.holder, person.number, person.email))


def the_portrayed_person_withdraws(portrayed: Visitor) -> None:
    """From their own page, in two clicks."""
    portrayed.visit("/licences/")
    portrayed.press('main a[href$="/withdraw/"]')
    portrayed.send()


def the_gate_denies_from_now_on(demo: Demo, number: str) -> None:
    """Within seconds, and says why."""
    assert reasons(eventually(demo, number, "deny")) == ["consent_withdrawn"]


def the_trail_shows_every_link(demo: Demo, persona: str) -> None:
    """Every event of the persona and of its licence, in their order."""
    query = """SELECT event FROM audit_entry WHERE subject_id = %(it)s
               OR subject_id IN (SELECT id FROM consent_licence WHERE persona_id = %(it)s)
               OR subject_id IN (SELECT id FROM personas_application WHERE persona_id = %(it)s)
               OR subject_id IN (SELECT id FROM issuing_registration WHERE persona_id = %(it)s) ORDER BY id"""
    told = [event for (event,) in demo.rows(query.replace("%(it)s", f"'{persona.split('/')[-2]}'"))]
    links = ["persona.created", "licence.invited", "licence.opened", "licence.identified", "licence.granted"]
    links += ["application.submitted", "application.claimed", "application.approved", "registration.issued", "licence.withdrawn"]
    assert [event for event in told if event in links] == links
