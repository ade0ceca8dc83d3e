"""What documents are printed with: paper with a plain SPECIMEN across it, fonts, portraits, labels and values."""

from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from PIL import Image, ImageDraw, ImageFont

from demo.faces import pictures
from demo.faces.identities import Colour

Language: TypeAlias = Literal["en", "zh"]
Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont
Place: TypeAlias = tuple[float, float]
INK: Colour = (38, 44, 60)
LABEL: Colour = (64, 104, 146)
_RED: Colour = (196, 40, 48)

FONTS = Path("/usr/share/fonts")
_CHINESE = ("opentype/noto/NotoSansCJK-Regular.ttc", "opentype/noto/NotoSerifCJK-Regular.ttc")
_LATIN = ("truetype/dejavu/DejaVuSans.ttf", "truetype/liberation/LiberationSans-Regular.ttf")
_FIXED_WIDTH = ("truetype/dejavu/DejaVuSansMono.ttf", "truetype/liberation/LiberationMono-Regular.ttf")


class Page:
    """A side of a document. Places and heights are in units of a page `height` units high, whatever its size in pixels."""

    def __init__(self, paper: Colour, size: tuple[int, int], height: int, language: Language) -> None:
        self.image = Image.new("RGB", size, paper)
        self.language = spoken(language)
        self.unit = size[1] / height
        self.width = size[0] / self.unit
        self._draw = ImageDraw.Draw(self.image)
        self._lines(paper)

    def _lines(self, paper: Colour) -> None:
        width, height = self.image.size
        faint = tuple(channel - 10 for channel in paper)
        for x in range(-height, width, 14):
            self._draw.line((x, height, x + height, 0), fill=faint)
        self._draw.rectangle((0, 0, width - 1, height - 1), outline=(112, 122, 140), width=3)

    def stamp(self, middle: Place, height: float) -> None:
        """Stamp SPECIMEN in red, slanting, around a place where nothing is printed."""
        text = "样本 SPECIMEN" if self.language == "zh" else "SPECIMEN"
        ink, (x, y) = Image.new("L", self.image.size), (middle[0] * self.unit, middle[1] * self.unit)
        font = _font(_CHINESE if self.language == "zh" else _LATIN, round(height * self.unit))
        ImageDraw.Draw(ink).text((x, y), text, 150, font, anchor="mm")
        self.image.paste(_RED, mask=ink.rotate(3, center=(x, y)))

    def write(self, at: Place, text: str, height: float, ink: Colour = INK, *, centred: bool = False) -> None:
        """Write a line of text, its upper left corner (or its upper middle) at a place."""
        font = _font(_LATIN if text.isascii() and self.language == "en" else (*_CHINESE, *_LATIN), round(height * self.unit))
        place, anchor = (at[0] * self.unit, at[1] * self.unit), "ma" if centred else "la"
        if isinstance(font, ImageFont.ImageFont):  # Pillow's built-in font knows Latin letters only, and no anchors
            self._draw.text(place, text.encode("ascii", "replace").decode(), ink, font)
            return
        self._draw.text(place, text if _found(_CHINESE) else text.encode("ascii", "replace").decode(), ink, font, anchor=anchor)

    def zone(self, lines: tuple[str, ...], top: float, step: float) -> None:
        """Write machine-readable lines over the page's whole width."""
        font = _font(_FIXED_WIDTH, round(self.image.width * 0.92 / len(lines[0]) / 0.602))
        for number, line in enumerate(lines):
            self._draw.text((self.image.width * 0.04, (top + step * number) * self.unit), line, INK, font)

    def portrait(self, name: str, box: tuple[int, int, int, int]) -> None:
        """Paste the portrait, its sides cut off, into `box`: left, top, width, height."""
        left, top, width, height = (round(value * self.unit) for value in box)
        picture = pictures.portrait(name, size=height, background=(206, 214, 222))
        margin = (height - width) // 2
        self.image.paste(picture.crop((margin, 0, margin + width, height)), (left, top))

    def emblem(self, middle: Place, radius: float) -> None:
        """Draw rings where a real document has a coat of arms."""
        x, y = middle[0] * self.unit, middle[1] * self.unit
        for share in (1.0, 0.8, 0.45):
            reach = radius * share * self.unit
            self._draw.ellipse((x - reach, y - reach, x + reach, y + reach), outline=_RED, width=4)


def spoken(language: Language) -> Language:
    """Return the language of the labels: English where no Chinese glyphs are to be had."""
    return "zh" if language == "zh" and _found(_CHINESE) else "en"


@cache
def _font(candidates: tuple[str, ...], height: int) -> Font:
    found = _found(candidates)
    return ImageFont.truetype(found, height) if found else ImageFont.load_default(height)


@cache
def _found(candidates: tuple[str, ...]) -> Path | None:
    return next((path for path in (FONTS / name for name in candidates) if path.is_file()), None)
