"""A visitor: one browser profile that walks the site and fails on whatever a reader of the console would complain about."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import APIResponse, Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from tests.journeys import reading
from tests.stack import Demo

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 740}
LANGUAGES = {"en": "en-GB", "zh-hans": "zh-CN"}
OWN_SCHEMES = ("data", "blob", "about")
FORM = 'main form[method="post"]'
# What the people of the demonstration wrote themselves, in whatever language; the note to Leo is in the database encrypted only.
TYPED = """SELECT name_en FROM personas_persona UNION SELECT description FROM personas_persona
           UNION SELECT note FROM issuing_hold UNION SELECT note FROM personas_application"""
SEALED_NOTES = ("The person in the video call was not the person on the document.", "The seal is cut off.")
_numbers = count()


class Visitor:
    """Somebody at a browser. Each page they come to is checked; `visit`, `press` and `send` are how they get about."""

    def __init__(
        self, demo: Demo, browser: Browser, *, language: str = "en", phone: bool = False, camera: Path | None = None, **more: Any
    ) -> None:
        self.demo, self.language, self.camera = demo, language, camera
        self.typed = [*SEALED_NOTES, *(text for (text,) in demo.rows(TYPED) if text)]
        self.complaints: list[str] = []
        self.context: BrowserContext = browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            locale=LANGUAGES[language],
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            has_touch=phone,
            is_mobile=phone,
            **more,
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("request", self._asked)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # What was not found or refused comes as a response, too, where its address is known.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        target = urlsplit(request.url)
        if target.scheme not in OWN_SCHEMES and target.netloc != urlsplit(self.demo.site).netloc:
            self.complaints.append(f"foreign request: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left while it still loaded something
            self.complaints.append(f"failed request: {request.url} ({request.failure})")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.complaints.append(f"answer {response.status}: {response.url}")

    @property
    def path(self) -> str:
        """Where they are."""
        return urlsplit(self.page.url).path

    def find(self, selector: str) -> Locator:
        """Returns what the selector finds on this page."""
        return self.page.locator(selector)

    def visit(self, path: str, status: int = 200) -> None:
        """Types an address of the site, and arrives there."""
        self.go(path, status)
        self.arrive()

    def go(self, path: str, status: int = 200) -> None:
        """Types an address of the site."""
        response = self.page.goto(path if "://" in path else self.demo.site + path)
        assert response is not None
        assert response.status == status, f"{path} answers {response.status}"

    def press(self, target: str | Locator, status: int = 200) -> None:
        """Presses what leads to another page, and arrives there."""
        found = self.find(target) if isinstance(target, str) else target
        with self.page.expect_navigation() as navigation:
            found.click()
        assert navigation.value.status == status, f"{self.page.url} answers {navigation.value.status}"
        self.arrive()

    def send(self, form: str = FORM, status: int = 200) -> None:
        """Presses the button of a form."""
        self.press(f"{form} button:not([type=button]):not([formaction])", status)

    def post(self, path: str, **fields: str) -> APIResponse:
        """Sends a form that no page offers. Returns what it leads to."""
        cookies = {cookie.get("name"): cookie.get("value", "") for cookie in self.context.cookies()}
        form: dict[str, str | float | bool] = {"csrfmiddlewaretoken": cookies["csrftoken"], **fields}
        return self.context.request.post(self.demo.site + path, form=form, headers={"Referer": self.demo.site + path})

    def arrive(self) -> None:
        """Looks at the page; fails if anything is wrong with it."""
        if folder := os.environ.get("JOURNEYS_SHOTS"):
            name = self.path.strip("/").replace("/", "-")[:60] or "start"
            self.page.screenshot(path=Path(folder) / f"{next(_numbers):03}-{self.language}-{name}.png", full_page=True)
        found = self.problems()
        assert not found, f"{self.page.url}: {found}"

    def problems(self) -> list[str]:
        """Returns what is wrong with this page, and whatever was complained about since it was last asked."""
        found, self.complaints = self.complaints, []
        if (language := reading.language(self.page)) != self.language:
            found.append(f"the page is in {language}")
        if wide := reading.overflow(self.page):
            found.append(f"wider than the screen: {wide}")
        if self.language == "zh-hans":
            found += [f"not translated: {text}" for text in reading.untranslated(self.page, self.typed)]
        return found

    def check(self) -> None:
        """Fails if anything was complained about since."""
        assert not self.complaints, f"{self.page.url}: {self.complaints}"


@contextmanager
def visitor(demo: Demo, browser: Browser, **how: Any) -> Iterator[Visitor]:
    """Yields a visitor for as long as they stay."""
    comes = Visitor(demo, browser, **how)
    try:
        yield comes
        comes.check()
    finally:
        comes.context.close()
