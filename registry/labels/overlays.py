"""The visible label as a picture to lay over a stream, a video or a photograph: PNG by Pillow, SVG as text. Transparent elsewhere.

The first line is the label, as high as the rule asks; the second, smaller, gives the English text and the registry ID.
"""

import io
import re
from dataclasses import dataclass
from html import escape

from PIL import Image, ImageDraw

from registry.issuing.verdict import LABEL
from registry.labels import fonts, rules
from registry.labels.rules import HEIGHTS, VISIBLE, Use, Visible

CANVASES = ((1920, 1080), (1080, 1920))
THEMES = {"light": ((255, 255, 255, 225), (16, 24, 40, 255)), "dark": ((16, 24, 40, 215), (255, 255, 255, 255))}
FORMATS = {"png": "image/png", "svg": "image/svg+xml"}
_NAME = re.compile(r"(live|video|image)-(\d+)x(\d+)-(\d+)-(light|dark)\.(png|svg)")
_SECOND_LINE = 0.55  # of the first line's height, less if it does not fit
_EM_PER_CHINESE, _EM_PER_LATIN = 1.0, 0.56  # how wide letters are, for the SVG, whose font we do not know
_ASCENT = 0.86  # of the size, above the line the letters stand on
_INK_PER_EM = 0.72  # how high a capital or a Chinese letter is at least, in any font


@dataclass(frozen=True, slots=True)
class Overlay:
    """One picture: what for, canvas in pixels, the label's height in per cent of the shortest side, theme and format."""

    use: Use
    width: int
    height: int
    percent: int
    theme: str
    format: str

    @property
    def name(self) -> str:
        """Its file name."""
        return f"{self.use}-{self.width}x{self.height}-{self.percent}-{self.theme}.{self.format}"

    @property
    def text_height(self) -> int:
        """How high the label's letters are at least, in pixels."""
        return rules.text_height(self.width, self.height, self.percent / 100)


def named(name: str) -> Overlay | None:
    """Returns the overlay of a file name; None for one we do not offer."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    use, width, height, percent, theme, kind = found.groups()
    known = (int(width[:5]), int(height[:5])) in CANVASES and int(percent[:3]) in HEIGHTS
    return Overlay(Use(use), int(width), int(height), int(percent), theme, kind) if known else None


def offered(use: Use) -> list[Overlay]:
    """Returns every overlay of a use; of a sound, none."""
    if not VISIBLE[use].drawn:
        return []
    return [
        Overlay(use, *canvas, percent, theme, kind) for canvas in CANVASES for percent in HEIGHTS for theme in THEMES for kind in FORMATS
    ]


def _lines(visible: Visible, printed_id: str) -> tuple[str, str]:
    return visible.zh, f"{visible.en} – {printed_id}"


def png(overlay: Overlay, printed_id: str) -> bytes:
    """Returns the overlay as PNG. Raises LookupError if this machine has no font with Chinese letters."""
    plate, ink = THEMES[overlay.theme]
    first, second = _lines(VISIBLE[overlay.use], printed_id)
    pad = overlay.text_height // 2
    most = overlay.width - 4 * pad
    large = fonts.of_ink(LABEL["zh"], overlay.text_height)
    small = fonts.of_size(min(overlay.text_height * _SECOND_LINE, large.size * most / max(large.getlength(second), 1)))
    boxes = [large.getbbox(first), small.getbbox(second)]
    heights = [box[3] - box[1] for box in boxes]
    width = max(box[2] - box[0] for box in boxes) + 2 * pad
    canvas = Image.new("RGBA", (overlay.width, overlay.height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(canvas)
    draw.rounded_rectangle((pad, pad, pad + width, 3 * pad + sum(heights) + pad // 2), pad // 2, fill=plate)
    draw.text((2 * pad - boxes[0][0], 2 * pad - boxes[0][1]), first, ink, large)
    draw.text((2 * pad - boxes[1][0], 2 * pad + heights[0] + pad // 2 - boxes[1][1]), second, ink, small)
    out = io.BytesIO()
    canvas.save(out, "PNG", optimize=True)
    return out.getvalue()


def svg(overlay: Overlay, printed_id: str) -> bytes:
    """Returns the overlay as SVG: the letters are text, and the viewer's fonts draw them."""
    plate, ink = THEMES[overlay.theme]
    first, second = _lines(VISIBLE[overlay.use], printed_id)
    pad, size = overlay.text_height / 2, overlay.text_height / _INK_PER_EM
    small = min(overlay.text_height * _SECOND_LINE, (overlay.width - 4 * pad) / _ems(second))
    width = max(_ems(first) * size, _ems(second) * small) + 2 * pad
    upper = 2 * pad + size * _ASCENT  # where the letters of each line stand
    lower = upper + size * (1 - _ASCENT) + pad / 2 + small * _ASCENT
    height = lower + small * (1 - _ASCENT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{overlay.width}" height="{overlay.height}"'
        f' viewBox="0 0 {overlay.width} {overlay.height}">'
        f'<rect x="{pad:.1f}" y="{pad:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{pad / 2:.1f}" {_fill(plate)}/>'
        f'<g font-family="{fonts.STACK}" font-weight="700" {_fill(ink)}>'
        f'<text x="{2 * pad:.1f}" y="{upper:.1f}" font-size="{size:.1f}">{escape(first)}</text>'
        f'<text x="{2 * pad:.1f}" y="{lower:.1f}" font-size="{small:.1f}">{escape(second)}</text></g></svg>'
    ).encode()


def _ems(text: str) -> float:
    return sum(_EM_PER_LATIN if ord(letter) < 0x2E80 else _EM_PER_CHINESE for letter in text)


def _fill(colour: tuple[int, int, int, int]) -> str:
    return f'fill="rgb{colour[:3]}" fill-opacity="{colour[3] / 255:.2f}"'
