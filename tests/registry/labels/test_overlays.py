"""Ready pictures of the label: as high as the rule asks, clear elsewhere, and honest about a missing font."""

import io
from xml.etree import ElementTree

import pytest
from PIL import Image

from registry.labels import fonts, overlays
from registry.labels.overlays import Overlay
from registry.labels.rules import Use

PRINTED = "VH-1234-5678-9ABC"


def drawn(overlay: Overlay) -> Image.Image:
    """Returns the PNG as a picture; skips where no font is installed."""
    if not fonts.available():
        pytest.skip("no font with Chinese letters is installed")
    return Image.open(io.BytesIO(overlays.png(overlay, PRINTED)))


@pytest.mark.parametrize("percent", [5, 10])
@pytest.mark.parametrize("canvas", overlays.CANVASES)
@pytest.mark.parametrize("use", [Use.LIVE, Use.VIDEO])
def test_the_letters_are_as_high_as_the_rule_asks(use: Use, canvas: tuple[int, int], percent: int) -> None:
    overlay = Overlay(use, *canvas, percent, "dark", "png")
    picture = drawn(overlay)
    assert (picture.size, picture.mode) == (canvas, "RGBA")
    white = picture.convert("L").point(lambda level: 255 if level > 200 else 0)
    rows = [row for row in range(canvas[1]) if white.crop((0, row, canvas[0], row + 1)).getbbox()]
    first = next(n for n, row in enumerate(rows) if n + 1 == len(rows) or rows[n + 1] != row + 1) + 1
    assert first >= overlay.text_height >= min(canvas) * percent / 100
    left, top, right, bottom = picture.getchannel("A").getbbox() or (0, 0, 0, 0)
    assert left > 0
    assert top > 0
    assert right < canvas[0]
    assert bottom < canvas[1] / 2


@pytest.mark.parametrize("overlay", overlays.offered(Use.LIVE), ids=lambda each: each.name)
def test_every_name_on_offer_is_understood(overlay: Overlay) -> None:
    assert overlays.named(overlay.name) == overlay


@pytest.mark.parametrize(
    "name",
    ["", "live", "audio-1920x1080-5-dark.png", "live-1920x1080-4-dark.png", "live-99999999x1-5-dark.svg", "live-1920x1080-5-dark.gif"],
)
def test_no_other_name_is(name: str) -> None:
    assert overlays.named(name) is None


def test_a_sound_has_no_picture() -> None:
    assert overlays.offered(Use.AUDIO) == []


@pytest.mark.parametrize("theme", overlays.THEMES)
def test_the_vector_picture_holds_the_words_as_text(theme: str) -> None:
    overlay = Overlay(Use.VIDEO, 1920, 1080, 5, theme, "svg")
    root = ElementTree.fromstring(overlays.svg(overlay, PRINTED))  # noqa: S314 – made here
    texts = [each for each in root.iter() if each.tag.endswith("}text")]
    assert [each.text for each in texts] == ["数字人·AI生成", f"Virtual human, AI-generated – {PRINTED}"]
    assert float(texts[0].attrib["font-size"]) * 0.72 >= 54 - 0.1


def test_without_a_font_no_letters_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_chinese", lambda: None)
    with pytest.raises(LookupError):
        overlays.png(Overlay(Use.LIVE, 1920, 1080, 5, "dark", "png"), PRINTED)
    assert "数字人" in overlays.svg(Overlay(Use.LIVE, 1920, 1080, 5, "dark", "svg"), PRINTED).decode()
