"""Identity documents that are plainly not real: a card and a passport's page, with SPECIMEN across them."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from PIL import Image, ImageDraw, ImageFont

from demo.faces import mrz, pictures
from demo.faces.identities import Colour

Language: TypeAlias = Literal["en", "zh"]
Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont
_BORN, _EXPIRES = date(1990, 1, 1), date(2039, 12, 31)
_INK: Colour = (38, 44, 60)
_FAINT: Colour = (112, 122, 140)
_CARD_PAPER: Colour = (226, 234, 240)
_PASSPORT_PAPER: Colour = (240, 232, 222)

_FONTS = Path("/usr/share/fonts")
_CHINESE = ("opentype/noto/NotoSansCJK-Regular.ttc", "opentype/noto/NotoSerifCJK-Regular.ttc")
_LATIN = ("truetype/dejavu/DejaVuSans.ttf", "truetype/liberation/LiberationSans-Regular.ttf")
_FIXED_WIDTH = ("truetype/dejavu/DejaVuSansMono.ttf", "truetype/liberation/LiberationMono-Regular.ttf")


class _Words(NamedTuple):
    """What is printed on a document besides the holder's own data."""

    specimen: str
    card: str
    passport: str
    holder: str
    number: str
    born: str
    expires: str


_WORDS: dict[Language, _Words] = {
    "en": _Words("SPECIMEN", "IDENTITY CARD", "PASSPORT", "Name", "Number", "Date of birth", "Date of expiry"),
    "zh": _Words("样本 SPECIMEN", "身份证 (演示)", "护照 (演示)", "姓名", "号码", "出生日期", "有效期至"),
}


def identity_card(name: str, *, holder: str, number: str, language: Language = "en", size: tuple[int, int] = (1011, 638)) -> Image.Image:
    """Return a card of `size` pixels with the portrait of `name`, issued to `holder`."""
    words, language = _words(language)
    page = _page(_CARD_PAPER, size, words, 0.83)
    draw, unit = ImageDraw.Draw(page), size[1] / 638
    _write(draw, (40, 30), words.card, 40, language, unit)
    _place_portrait(page, name, (40, 110, 370, 460), unit)
    rows = [(words.holder, holder), (words.number, number), (words.born, _BORN.isoformat())]
    _write_rows(draw, rows, (450, 130), language, unit)
    return page


def passport(name: str, *, holder: str, number: str, language: Language = "en", size: tuple[int, int] = (1250, 880)) -> Image.Image:
    """Return a passport's data page of `size` pixels; `number` has at most nine capital letters and digits."""
    words, language = _words(language)
    page = _page(_PASSPORT_PAPER, size, words, 0.73)
    draw, unit = ImageDraw.Draw(page), size[1] / 880
    _write(draw, (50, 36), f"{words.passport}   UTO", 44, language, unit)
    _place_portrait(page, name, (50, 130, 430, 530), unit)
    rows = [(words.holder, holder), (words.number, number), (words.born, _BORN.isoformat())]
    _write_rows(draw, [*rows, (words.expires, _EXPIRES.isoformat())], (540, 130), language, unit)
    _write_zone(draw, machine_readable_zone(holder=holder, number=number), size)
    return page


def machine_readable_zone(*, holder: str, number: str) -> tuple[str, str]:
    """Return the two lines that `passport` prints for this holder."""
    return mrz.lines(holder=holder, number=number, born=_BORN, expires=_EXPIRES)


def _words(language: Language) -> tuple[_Words, Language]:
    """Return the printed words, English where no Chinese glyphs are to be had, and the language they are in."""
    known: Language = "zh" if language == "zh" and _found(_CHINESE) else "en"
    return _WORDS[known], known


def _page(paper: Colour, size: tuple[int, int], words: _Words, stamp_at: float) -> Image.Image:
    """Return paper with fine lines and SPECIMEN slanting at a share `stamp_at` of its height."""
    page = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(page)
    faint = tuple(channel - 10 for channel in paper)
    for x in range(-size[1], size[0], 14):
        draw.line((x, size[1], x + size[1], 0), fill=faint)
    stamp, middle = Image.new("L", size), (size[0] * 0.71, size[1] * stamp_at)
    font = _font(_LATIN if words.specimen.isascii() else _CHINESE, size[1] // 10)
    ImageDraw.Draw(stamp).text(middle, words.specimen, 110, font, anchor="mm")
    page.paste((196, 40, 48), mask=stamp.rotate(7, center=middle))
    draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=_FAINT, width=3)
    return page


def _place_portrait(page: Image.Image, name: str, box: tuple[int, int, int, int], unit: float) -> None:
    """Paste the portrait, its sides cut off, into `box`: left, top, width, height."""
    left, top, width, height = (round(value * unit) for value in box)
    portrait = pictures.portrait(name, size=height, background=(206, 214, 222))
    margin = (height - width) // 2
    page.paste(portrait.crop((margin, 0, margin + width, height)), (left, top))


def _write_rows(
    draw: ImageDraw.ImageDraw,
    rows: Iterable[tuple[str, str]],
    at: tuple[int, int],
    language: Language,
    unit: float,
) -> None:
    """Write each row's label in small letters and its text below."""
    for number, (label, text) in enumerate(rows):
        top = at[1] + 118 * number
        _write(draw, (at[0], top), label, 24, language, unit, _FAINT)
        _write(draw, (at[0], top + 34), text, 38, language, unit)


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    height: int,
    language: Language,
    unit: float,
    ink: Colour = _INK,
) -> None:
    fonts = _LATIN if text.isascii() and language == "en" else (*_CHINESE, *_LATIN)
    font = _font(fonts, round(height * unit))
    place = (at[0] * unit, at[1] * unit)
    try:
        draw.text(place, text, ink, font)
    except UnicodeEncodeError:  # Pillow's built-in font knows Latin letters only
        draw.text(place, text.encode("ascii", "replace").decode(), ink, font)


def _write_zone(draw: ImageDraw.ImageDraw, zone: tuple[str, str], size: tuple[int, int]) -> None:
    """Write the machine-readable lines over the page's whole width at its foot."""
    font = _font(_FIXED_WIDTH, round(size[0] * 0.92 / len(zone[0]) / 0.602))
    for number, line in enumerate(zone):
        draw.text((size[0] * 0.04, size[1] * (0.835 + 0.07 * number)), line, _INK, font)


@cache
def _font(candidates: tuple[str, ...], height: int) -> Font:
    found = _found(candidates)
    return ImageFont.truetype(found, height) if found else ImageFont.load_default(height)


@cache
def _found(candidates: tuple[str, ...]) -> Path | None:
    return next((path for path in (_FONTS / name for name in candidates) if path.is_file()), None)
