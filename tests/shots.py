"""Photographs of documents and selfies with rendered faces, good ones and such as people send."""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from demo.faces import documents, pictures

TABLE = (60, 50, 40)


@cache
def paper(kind: str = "card") -> Image.Image:
    """Returns a card or a passport's page."""
    if kind == "passport":
        return documents.passport("carol", holder="Li Xiaoming", number="E12345678")
    return documents.identity_card("alice", holder="Li Xiaoming", number="360426199101010071")


def on_table(
    share: float = 0.8, *, shift: tuple[int, int] = (0, 0), turn: float = 0.0, kind: str = "card", ground: object = TABLE
) -> Image.Image:
    """Returns a photograph of a document that takes `share` of the picture's width, in its middle but for `shift`."""
    photo, page = Image.new("RGB", (1600, 1200), ground), paper(kind)  # type: ignore[arg-type]
    width = round(1600 * share)
    page = page.resize((width, round(width * page.height / page.width)), Image.Resampling.LANCZOS)
    photo.paste(page, ((1600 - page.width) // 2 + shift[0], (1200 - page.height) // 2 + shift[1]))
    noise = np.random.default_rng(3).normal(0, 3, (1200, 1600, 1))
    turned = photo.rotate(turn, Image.Resampling.BICUBIC, fillcolor=ground) if turn else photo  # type: ignore[arg-type]
    return Image.fromarray(np.clip(np.asarray(turned) + noise, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))


def selfie(name: str = "alice", size: int = 480) -> Image.Image:
    """Returns a selfie of one of the cast."""
    return pictures.portrait(name, size=size, frame=3)


def lamp(picture: Image.Image, place: tuple[int, int], radius: int) -> Image.Image:
    """Returns the picture with the reflection of a lamp, white in the middle and fading around it."""
    spot = Image.new("L", picture.size)
    x, y = place
    ImageDraw.Draw(spot).ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    return Image.composite(Image.new("RGB", picture.size, "white"), picture, spot.filter(ImageFilter.GaussianBlur(radius / 3)))


def on_screen(pitch: float, turn: float) -> Image.Image:
    """Returns a photograph of a screen that shows the card: coloured dots in rows, `pitch` pixels of the camera apart."""
    shown = paper().resize((round(1500 / pitch), round(1500 / pitch * 0.63)))
    dots = np.repeat(np.repeat(np.asarray(shown), 6, 0), 6, 1).astype(np.float32)
    mask = np.zeros((6, 6, 3), np.float32)
    mask[:5, :2, 0] = mask[:5, 2:4, 1] = mask[:5, 4:, 2] = 1
    lit = Image.fromarray((dots * np.tile(mask, (shown.height, shown.width, 1))).astype(np.uint8))
    lit = lit.rotate(turn, Image.Resampling.BILINEAR).resize((1400, 880), Image.Resampling.BILINEAR)
    return dimmed(lit.filter(ImageFilter.GaussianBlur(0.8)), 3.3)  # the camera exposes for the screen


def dimmed(picture: Image.Image, light: float) -> Image.Image:
    """Returns the picture with so many times the light."""
    return picture.point(lambda level: min(255, level * light))


def blurred(picture: Image.Image, pixels: float) -> Image.Image:
    """Returns the picture out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(pixels))
