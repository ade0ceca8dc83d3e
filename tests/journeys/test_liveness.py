"""The browser records a person who follows a challenge, and the judge sees what they did."""

import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from demo.faces import clips, identities, pictures
from tests.journeys.liveness_page import served
from verification.engines import challenge, recording
from verification.engines.face import faces_in
from verification.engines.liveness import LivenessState, judge

pytestmark = pytest.mark.browser
RECORDED_WITHIN = 40_000
Opens = Callable[..., Browser]


def record(page: Page, address: str) -> list[str]:
    """Records on the page and sends the form; returns what the console said."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.locator("[data-liveness-do=start]").click()
    expect(page.locator("[data-liveness][data-state=done]")).to_be_visible(timeout=RECORDED_WITHIN)
    with page.expect_navigation():
        page.locator("main button[type=submit]").click()
    return said


def test_a_recording_made_by_the_page_is_judged_live(tmp_path: Path, open_browser: Opens) -> None:
    asked = challenge.draw(random.Random(4))
    clip = clips.challenge_clip(tmp_path / "alice.mjpeg", "alice", asked)
    sent: list[dict[str, Any]] = []
    with served(asked, sent) as address:
        said = record(open_browser(clip).new_page(), address)
    (form,) = sent
    assert said == []
    assert form["nonce"] == asked.nonce
    assert "mjpeg" in form["camera"] or "fake" in form["camera"].lower()
    selfie = faces_in(Image.open(BytesIO(form["picture"])))
    document = faces_in(pictures.document_like(identities.face("alice")))
    frames = recording.unpack(form["recording"])
    judged = judge(frames, asked, document_template=document[0].template, selfie_template=selfie[0].template)
    assert judged.state == LivenessState.PASSED, judged


def test_a_refused_camera_says_what_to_do_and_leaves_the_other_ways(open_browser: Opens) -> None:
    with served(challenge.draw(random.Random(4)), []) as address:
        page = open_browser().new_page()
        page.goto(address)
        page.locator("[data-liveness-do=start]").click()
        expect(page.locator(".camera-status")).not_to_be_empty()
        expect(page.locator("[data-liveness-do=start]")).to_be_visible()
        expect(page.locator('a[href="/other/"]')).to_be_visible()
        expect(page.locator('a[href="/upload/"]')).to_be_visible()


def test_a_recording_that_is_stopped_sends_nothing_and_can_be_repeated(tmp_path: Path, open_browser: Opens) -> None:
    clip = clips.camera_clip(tmp_path / "alice.mjpeg", "alice", size=(160, 120))
    with served(challenge.draw(random.Random(4)), []) as address:
        page = open_browser(clip).new_page()
        page.goto(address)
        page.locator("[data-liveness-do=start]").click()
        expect(page.locator(".liveness-prompt")).not_to_be_empty()
        page.locator("[data-liveness-do=stop]").click()
        expect(page.locator("[data-liveness-do=start]")).to_be_visible()
        assert page.locator("input[name=recording]").evaluate("field => field.files.length") == 0
