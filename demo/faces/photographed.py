"""A document as a camera sees it: on a table, aslant, in bad light, out of focus."""

import math

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from demo.faces.identities import Colour

TABLE: Colour = (92, 74, 60)


def photographed(
    document: Image.Image,
    *,
    blur: float = 0.0,
    dark: float = 0.0,
    glare: float = 0.0,
    crop: float = 0.0,
    tilt: float = 0.0,
    background: Colour = TABLE,
    size: tuple[int, int] = (1600, 1200),
) -> Image.Image:
    """Return a photograph of `size` pixels with the document filling most of it.

    `blur` is the radius of the unsharpness in pixels; `dark` (0 to 1) takes light away; `glare` is the share of the
    document's width under a white reflection; `crop` is the share of its width outside the picture, on the left;
    `tilt` is in degrees, positive turns the document anticlockwise.
    """
    table = Image.new("RGB", size, background)
    lying = _lying(document, size, tilt)
    left, top = (size[0] - lying.width) // 2 - round(crop * document.width * _scale(document, size)), (size[1] - lying.height) // 2
    if crop:
        left -= (size[0] - lying.width) // 2
    table.paste(lying, (left, top), lying.getchannel("A"))
    if glare:
        table = _with_glare(table, glare)
    if blur:
        table = table.filter(ImageFilter.GaussianBlur(blur))
    return ImageEnhance.Brightness(table).enhance(1 - dark)


def _scale(document: Image.Image, size: tuple[int, int]) -> float:
    return min(size[0] / document.width, size[1] / document.height) * 0.86


def _lying(document: Image.Image, size: tuple[int, int], tilt: float) -> Image.Image:
    scale = _scale(document, size) * (1 - 0.4 * abs(math.sin(math.radians(tilt))))
    lying = document.convert("RGBA").resize((round(document.width * scale), round(document.height * scale)), Image.Resampling.BICUBIC)
    return lying.rotate(tilt, Image.Resampling.BICUBIC, expand=True)


def _with_glare(picture: Image.Image, share: float) -> Image.Image:
    width, height = picture.size
    mask = Image.new("L", picture.size)
    reach = share * width / 2
    ImageDraw.Draw(mask).ellipse((width * 0.45 - reach, height * 0.45 - reach, width * 0.45 + reach, height * 0.45 + reach), fill=255)
    picture.paste((255, 255, 252), mask=mask.filter(ImageFilter.GaussianBlur(reach / 8 + 1)))
    return picture
