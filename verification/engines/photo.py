"""A picture that is decoded only as finely as somebody needs it: most of a 12-megapixel photograph is never unpacked."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Pixels = NDArray[np.uint8]

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")
_QUARTER_TURNS = (5, 6, 7, 8)  # EXIF orientations that swap width and height
_ORIENTATION = 0x0112
_JPEG = b"\xff\xd8\xff"


class Unreadable(ValueError):
    """The bytes are no picture, are damaged, or would unfold to more pixels than Pillow permits."""


class Photo:
    """An upright RGB picture on white, from the bytes of a file, from an opened picture or from pixels."""

    def __init__(self, source: bytes | Image.Image | Pixels) -> None:
        """Of a JPEG file only the header is read; raises Unreadable."""
        self._file = source if isinstance(source, bytes) else b""
        self._sharpest = _whole(source)
        self.size = _announced(self._file) if self._sharpest is None else self._sharpest.size

    @property
    def longest(self) -> int:
        """Returns the longer side of the whole picture, in pixels."""
        return max(self.size)

    def at_least(self, longest: int) -> Image.Image:
        """Returns the picture with that many pixels on its longer side, or up to twice as many, or all it has; raises Unreadable."""
        have = max(self._sharpest.size) if self._sharpest else 0
        if self._sharpest is None or have < min(longest, self.longest):
            self._sharpest = _decoded(self._file, longest)
        fold = max(self._sharpest.size) // longest
        return self._sharpest.reduce(fold) if fold > 1 else self._sharpest


def _whole(source: bytes | Image.Image | Pixels) -> Image.Image | None:
    """Returns the picture in full; None for a JPEG file, the only kind that can be decoded at a part of its size."""
    if isinstance(source, bytes):
        return None if source.startswith(_JPEG) else _decoded(source, 1 << 30)
    return _upright(source if isinstance(source, Image.Image) else Image.fromarray(source))


def _announced(file: bytes) -> tuple[int, int]:
    with _opened(file) as picture:
        width, height = picture.size
        return (height, width) if picture.getexif().get(_ORIENTATION) in _QUARTER_TURNS else (width, height)


def _opened(file: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(file), formats=FORMATS)
    except Exception as error:  # a decoder that strangers feed may raise anything
        raise Unreadable(str(error)) from error


def _decoded(file: bytes, longest: int) -> Image.Image:
    with _opened(file) as picture:
        try:
            share = longest / max(picture.size)
            if share < 1:  # a JPEG is decoded at a half, a quarter or an eighth; the other formats ignore this
                picture.draft("RGB", (max(1, int(picture.width * share)), max(1, int(picture.height * share))))
            return _upright(picture)
        except Exception as error:
            raise Unreadable(str(error)) from error


def _upright(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture)
    if upright.mode == "RGB":
        return upright
    if upright.mode.startswith("I"):  # sixteen bits of grey, which a plain conversion would cut off at 255
        return Image.fromarray((np.asarray(upright, np.float64) / 257).clip(0, 255).astype(np.uint8)).convert("RGB")
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    seen = upright.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper
