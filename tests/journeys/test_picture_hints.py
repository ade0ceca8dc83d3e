"""What the browser says of a picture before it is sent: the camera's own script, fed with rendered pictures."""

import base64
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from demo.faces import pictures
from tests import shots
from tests.stack import PROJECT

pytestmark = pytest.mark.browser

JUDGE = """async ([kind, data, script]) => {
    const { quality } = await import(`data:text/javascript;base64,${script}`);
    const picture = await createImageBitmap(await (await fetch(`data:image/jpeg;base64,${data}`)).blob());
    const began = performance.now();
    const verdict = quality(picture, picture.width, picture.height, kind);
    return [verdict, performance.now() - began];
}"""


@pytest.fixture
def page(open_browser: Callable[..., Browser]) -> Iterator[Page]:
    """An empty page."""
    page = open_browser().new_page()
    yield page
    page.close()


def said(page: Page, kind: str, picture: Image.Image) -> str:
    """Returns the browser's verdict."""
    script = (PROJECT / "static/js/quality.js").read_bytes()
    verdict, took = page.evaluate(JUDGE, [kind, *(base64.b64encode(each).decode() for each in (pictures.jpeg(picture), script))])
    print(kind, picture.size, verdict, round(took), "ms")
    return str(verdict)


def test_good_pictures_are_called_good(page: Page) -> None:
    assert said(page, "document", shots.on_table(0.8)) == "good"
    assert said(page, "document", shots.on_table(0.5, kind="passport", turn=3)) == "good"
    assert said(page, "document", shots.on_table(0.7, ground="white")) == "good"
    assert said(page, "document", shots.paper()) == "good"
    for name in ("alice", "carol", "dana"):
        assert said(page, "face", shots.selfie(name)) == "good"


def test_poor_pictures_are_told_apart(page: Page) -> None:
    table, face = shots.on_table(0.8), shots.selfie("alice")
    assert said(page, "document", shots.dimmed(table, 0.2)) == "dark"
    assert said(page, "document", shots.blurred(table, 8)) == "blurred"
    assert said(page, "document", shots.lamp(table, (1000, 600), 130)) == "glare"
    assert said(page, "document", table.resize((320, 240))) == "small"
    assert said(page, "document", Image.new("RGB", (800, 600), "grey")) == "nothing"
    assert said(page, "document", Image.new("RGB", (800, 600), "black")) == "nothing"
    assert said(page, "face", shots.dimmed(face, 0.2)) == "dark"
    assert said(page, "face", shots.blurred(face, 9)) == "blurred"
    assert said(page, "face", face.resize((240, 240))) == "small"
