"""The page of the reference, in a real browser: it runs under the strict policy and asks nobody else for anything."""

import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Browser, expect

from portal.wsgi import application
from tests.journeys.conftest import open_browser, play

__all__ = ["open_browser", "play"]
pytestmark = pytest.mark.browser
WIDTHS = [(1280, "light"), (1280, "dark"), (320, "light")]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """The portal on 127.0.0.1, without a database: the page needs none."""
    with make_server("127.0.0.1", 0, application, _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_the_reference_runs_under_the_strict_policy(
    site: str, open_browser: Callable[..., Browser], width: int, scheme: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    page = open_browser().new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    page.on("requestfailed", lambda request: troubles.append(request.url))
    page.on("request", lambda request: None if request.url.startswith((site, "data:")) else troubles.append(request.url))
    answer = page.goto(f"{site}/developers/reference/")
    assert answer is not None
    assert "script-src 'self';" in answer.headers["content-security-policy"] + ";"
    expect(page.get_by_text("May this persona do this here now?")).to_be_visible(timeout=30_000)
    page.locator("#operations-Webhooks-add_webhook .opblock-summary-control").click()
    expect(page.get_by_text("Idempotency-Key").first).to_be_visible()
    assert troubles == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("() => document.documentElement.classList.contains('dark-mode')") is (scheme == "dark")
    page.screenshot(path=str(tmp_path_factory.getbasetemp() / f"{width}-{scheme}.png"))
