"""Proving who one is, when it does not go well at once: wrong faces, replayed films, a phone, no camera, and officers who differ."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import people, steps
from tests.journeys.people import MILA, OLEG, TESS, Person
from tests.journeys.site import PHONE, Visitor, visitor
from tests.stack import Demo
from verification.engines import challenge
from verification.engines.challenge import Challenge

pytestmark = [pytest.mark.stack, pytest.mark.browser]

Open = Callable[..., Browser]


def test_a_stand_in_and_a_replayed_film_are_sent_back_and_the_person_is_verified(demo: Demo, open_browser: Open, tmp_path: Path) -> None:
    camera = tmp_path / "camera.mjpeg"
    with visitor(demo, open_browser(camera), camera=camera) as mila, visitor(demo, open_browser()) as officer:
        steps.sign_up(mila, MILA)
        steps.begin_verification(mila, MILA)
        steps.show_document(mila, MILA)
        steps.move(mila, "alice")
        assert steps.judged(mila) == "retry"
        assert set(reasons(demo, MILA)) & {"face_mismatch", "liveness_not_the_document"}
        mila.press('main a[href$="/identity/resume/"]')
        assert mila.path == "/identity/selfie/"  # nothing else is asked again
        steps.move(mila, MILA.face, shows=recorded_before)
        assert steps.judged(mila) == "retry"
        assert reasons(demo, MILA)[0].startswith("liveness_")
        mila.press('main a[href$="/identity/resume/"]')
        steps.move_until_verified(mila, MILA, officer)


def test_a_doubt_taken_on_a_phone_is_refused_by_one_officer_and_upheld_by_another(demo: Demo, open_browser: Open, tmp_path: Path) -> None:
    camera = tmp_path / "camera.mjpeg"
    with (
        visitor(demo, open_browser()) as oleg,
        visitor(demo, open_browser(camera), camera=camera, phone=True) as phone,
        visitor(demo, open_browser()) as officer,
    ):
        steps.sign_up(oleg, OLEG)
        steps.begin_verification(oleg, OLEG)
        taken_on_the_phone(oleg, phone)
        assert steps.judged(oleg) == "review"
        assert {"face_doubtful", "phone_handoff"} <= set(demo.rows(steps.CASE, OLEG.email)[0][3])
        steps.decide(officer, "bob", OLEG, "rejected", "not_the_holder")
        oleg.visit("/identity/")
        oleg.press('main a[href$="/identity/appeal/"]')
        oleg.find("textarea[name=text]").fill("The picture in my passport is nine years old.")
        oleg.send()
        officer.visit(f"/desk/cases/{demo.rows(steps.CASE, OLEG.email)[0][0]}/")
        assert officer.find('form[action$="/claim/"]').count() == 0  # whoever rejected it has no say
        officer.context.clear_cookies()
        steps.decide(officer, "dana", OLEG, "verified")
        oleg.visit("/identity/")
        expect(oleg.find('[data-state="verified"]')).to_be_visible()


def test_without_a_camera_two_officers_meet_and_decide(demo: Demo, open_browser: Open) -> None:
    with visitor(demo, open_browser()) as tess, visitor(demo, open_browser()) as officer:
        steps.sign_up(tess, TESS)
        steps.begin_verification(tess, TESS)
        steps.show_document(tess, TESS)
        tess.find("[data-liveness-do=start]").click()
        expect(tess.find(".camera-status")).not_to_be_empty()  # it says that the camera is refused, and what to do
        tess.press('.liveness a[href*="upload"] >> nth=0')
        tess.find("input[name=picture]").set_input_files(people.selfie(TESS.face))
        tess.send()
        if tess.path == "/identity/selfie/":
            tess.press(".card-footer a.btn")
        tess.find("input[name=kind][value=desk]").check()
        tess.send()
        assert steps.judged(tess) == "review"
        meet(officer, "bob", TESS)
        officer.context.clear_cookies()
        steps.decide(officer, "dana", TESS, "verified")
        tess.visit("/identity/")
        expect(tess.find('[data-state="verified"]')).to_be_visible()


def recorded_before(drawn: Challenge) -> Challenge:
    """Returns the movements of a film from another day, in another order than those that were drawn today."""
    others = (challenge.draw(random.Random(seed)) for seed in count())
    return next(other for other in others if [each.action for each in other.moves] != [each.action for each in drawn.moves])


def reasons(demo: Demo, person: Person) -> list[str]:
    """Returns why the person's case was sent back."""
    ((_case, _state, told, _risks),) = demo.rows(steps.CASE, person.email)
    return list(told)


def taken_on_the_phone(computer: Visitor, phone: Visitor) -> None:
    """The document with Frank's face and the selfie with their own: neither alike enough nor different enough."""
    computer.press('main a[href$="/identity/phone/"]')
    computer.send()
    link = computer.find(".copy input").input_value()
    phone.visit(link)
    phone.send()
    phone.visit("/identity/document/")
    assert phone.find("nav.mainnav").count() == 0
    steps.show_document(phone, OLEG, "frank")
    assert phone.path == "/identity/selfie/"
    steps.move(phone, OLEG.face)
    assert phone.path == "/identity/phone/pictures/"
    assert phone.page.viewport_size == PHONE
    expect(computer.find('[data-handoff="done"]')).to_be_visible()
    computer.press('[data-handoff="done"] a')


def meet(officer: Visitor, name: str, person: Person) -> None:
    """An officer arranges a meeting and notes that the person of the document came."""
    steps.claim(officer, name, person)
    officer.find("input[name=at]").fill((datetime.now().astimezone() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    officer.find("input[name=where]").fill("Room 3, Registry House")
    officer.send('form[action$="/meeting/"]')
    officer.find("input[name=seen][value=same]").check()
    officer.find("textarea[name=text]").fill("The card in the hand, the face beside it.")
    officer.send('form[action$="/meeting/note/"]')
