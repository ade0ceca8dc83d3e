"""Pictures of the main pages for the README, taken from a running demonstration: `uv run python tools/screenshots.py`."""

import argparse
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 740}
COLOURS = 256  # a page has few: this halves the files


class Shot(NamedTuple):
    """A page as somebody sees it."""

    name: str
    who: str  # "" is nobody signed in
    path: str
    phone: bool = False
    dark: bool = False
    language: str = "en"
    press: str = ""  # a selector to press once the page is there


def shots(demo: dict[str, Any]) -> list[Shot]:
    """Returns the README's pictures."""
    active = demo["registrations"]["active"]
    return [
        Shot("landing", "", "/"),
        Shot("landing-zh", "", "/", phone=True, language="zh-hans"),
        Shot("dashboard", "alice", "/home/"),
        Shot("record", "", f"/r/{active}/"),
        Shot("record-dark", "", f"/r/{active}/", dark=True),
        Shot("identity", "kim", "/identity/", phone=True),
        Shot("likeness", "carol", "/licences/"),
        Shot("desk", "bob", "/desk/"),
        Shot("case", "dana", "/desk/?tab=cases", press="form[action*='/desk/next/'] button"),
    ]


@contextmanager
def signed_in(browser: Browser, demo: dict[str, Any], shot: Shot) -> Iterator[Page]:
    """Yields a page of a fresh profile, with the shot's person signed in."""
    context = browser.new_context(
        viewport=PHONE if shot.phone else DESKTOP,  # type: ignore[arg-type]
        color_scheme="dark" if shot.dark else "light",
        locale="zh-CN" if shot.language.startswith("zh") else "en-GB",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    try:
        if shot.who:
            _sign_in(context, demo, demo["logins"][shot.who])
        yield context.new_page()
    finally:
        context.close()


def _sign_in(context: BrowserContext, demo: dict[str, Any], login: dict[str, str]) -> None:
    page = context.new_page()
    page.goto(demo["base_url"] + "/accounts/login/")
    page.fill("input[name=login]", login["email"])
    page.fill("input[name=password]", login["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/home/")
    page.close()


def take(browser: Browser, demo: dict[str, Any], shot: Shot, out: Path, *, whole: bool = False) -> Path:
    """Returns the file of the picture; raises if the page cannot be reached."""
    with signed_in(browser, demo, shot) as page:
        answer = page.goto(demo["base_url"] + shot.path)
        if answer is None or answer.status >= 400:
            raise SystemExit(f"{shot.path} answers {answer and answer.status}")
        if shot.press:
            page.click(shot.press)
        page.wait_for_load_state("networkidle")
        taken = Image.open(BytesIO(page.screenshot(animations="disabled", full_page=whole)))
    target = out / f"{shot.name}.png"
    taken.convert("RGB").quantize(COLOURS).save(target, optimize=True)
    return target


def main() -> None:
    """Takes every picture of the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=PROJECT / "var", help="the data directory of the running demonstration")
    parser.add_argument("--out", type=Path, default=PROJECT / "docs" / "screenshots")
    options = parser.parse_args()
    demo = json.loads((options.data / "demo.json").read_text())
    options.out.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        for shot in shots(demo):
            print(take(browser, demo, shot, options.out))
        browser.close()


if __name__ == "__main__":
    main()
