"""Every main page keeps the rules: accessible in both colours, in both languages, on every screen, under the strict policy."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Playwright

from tests.journeys import places, reading
from tests.journeys.conftest import FLAGS
from tests.journeys.places import PLACES, Place
from tests.journeys.site import DESKTOP, LANGUAGES, PHONE, Visitor
from tests.plugin import program
from tests.stack import Demo

pytestmark = [pytest.mark.stack, pytest.mark.browser]

NARROW = {"width": 320, "height": 640}


class Crowd:
    """A browser with one profile for each person and language, kept for all pages."""

    def __init__(self, demo: Demo, browser: Browser) -> None:
        self.demo, self.browser = demo, browser
        self.visitors: dict[tuple[str, str], Visitor] = {}

    def visitor(self, who: str, language: str) -> Visitor:
        """Returns the person at their browser, signed in; the second browser gets the cookies of the first."""
        if (who, language) not in self.visitors:
            known = self.visitors.get((who, "en"))
            cookies = known.context.storage_state() if known else None
            self.visitors[who, language] = Visitor(self.demo, self.browser, language=language, storage_state=cookies)
            if known is None:
                places.enter(self.visitors[who, language], who)
        return self.visitors[who, language]


@pytest.fixture(scope="module")
def crowd(demo: Demo, play: Playwright) -> Iterator[Crowd]:
    """Everybody who looks at a page."""
    browser = play.chromium.launch(executable_path=program("browser"), args=FLAGS)
    yield Crowd(demo, browser)
    browser.close()


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_keeps_the_rules(place: Place, crowd: Crowd) -> None:
    found: list[str] = []
    for language in LANGUAGES:
        visitor = crowd.visitor(place.who, language)
        visitor.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        visitor.go(place.address(crowd.demo), place.status)
        if language == "en":
            found += seen_by_everybody(visitor)
        found += [f"{language}: {wide}" for wide in widths(visitor) if wide]
        found += [f"{language}: {problem}" for problem in visitor.problems()]
    assert not found, "\n".join(found)


def seen_by_everybody(visitor: Visitor) -> list[str]:
    """Returns what axe finds, in light colours and in dark ones."""
    light = reading.violations(visitor.page)
    with dark(visitor):
        return light + [f"dark: {found}" for found in reading.violations(visitor.page, "color-contrast")]


@contextmanager
def dark(visitor: Visitor) -> Iterator[None]:
    """Shows the page in dark colours, as the menu for colours does."""
    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.evaluate("() => document.documentElement.setAttribute('data-bs-theme', 'dark')")
    yield
    visitor.page.emulate_media(color_scheme="light")


def widths(visitor: Visitor) -> Iterator[str]:
    """Yields what reaches past the edge of a phone's screen, and of the narrowest one."""
    for screen in (PHONE, NARROW):
        visitor.page.set_viewport_size(screen)  # type: ignore[arg-type]
        yield reading.overflow(visitor.page)
