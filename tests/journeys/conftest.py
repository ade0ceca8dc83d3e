"""One running demonstration for all journeys, and browsers with the camera that a journey needs.

With JOURNEYS_DATA set to the data directory of a running demonstration, that one is used (and changed).
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.plugin import program
from tests.stack import Demo, running_demo, start_demo, stop_demo

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

# Playwright's loop runs in this thread; the ORM is used between its calls, never inside them.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The demonstration, as `manage.py up --demo` starts it."""
    if own := os.environ.get("JOURNEYS_DATA"):
        yield running_demo(Path(own))
        return
    with tempfile.TemporaryDirectory(prefix="registry-demo-") as folder:
        running = start_demo(Path(folder))
        yield running
        stop_demo(running)


@pytest.fixture(scope="module")
def play() -> Iterator[Playwright]:
    """Playwright. Its loop runs in this thread, so it ends with the module: tests after it may have loops of their own."""
    with sync_playwright() as running:
        yield running


@pytest.fixture
def open_browser(play: Playwright) -> Iterator[Callable[..., Browser]]:
    """Opens Chromium, with a clip as its camera if one is given, and closes it after the test."""
    chromium, opened = program("browser"), []

    def open_one(camera: Path | None = None) -> Browser:
        flags = FLAGS if camera is None else [*FLAGS, *CAMERA, f"--use-file-for-fake-video-capture={camera}"]
        opened.append(play.chromium.launch(executable_path=chromium, args=flags))
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.close()
