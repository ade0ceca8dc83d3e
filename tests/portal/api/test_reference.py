"""The page of the reference, in a real browser: it runs under the strict policy and asks nobody else for anything."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import open_browser, play

__all__ = ["open_browser", "play"]
WIDTHS = [(1280, "light"), (1280, "dark"), (320, "light")]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_the_reference_runs_under_the_strict_policy(
    live_server: Any, open_browser: Callable[..., Browser], width: int, scheme: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    page = open_browser().new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    page.on("requestfailed", lambda request: troubles.append(request.url))
    page.on("request", lambda request: None if request.url.startswith((live_server.url, "data:")) else troubles.append(request.url))
    page.goto(f"{live_server.url}/developers/reference/")
    expect(page.get_by_text("May this persona do this here now?")).to_be_visible(timeout=30_000)
    page.locator("#operations-Webhooks-add_webhook .opblock-summary-control").click()
    expect(page.get_by_text("Idempotency-Key").first).to_be_visible()
    assert troubles == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("() => document.documentElement.classList.contains('dark-mode')") is (scheme == "dark")
    page.screenshot(path=str(tmp_path_factory.getbasetemp() / f"{width}-{scheme}.png"))
