"""A font with Chinese letters, found on this machine. There may be none: then a PNG is refused, and says so."""

import logging
from functools import cache

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

# Names of files; Pillow looks for them in the system's folders. A collection holds several faces: Simplified Chinese is preferred.
_FILES = (
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoSansSC-Bold.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansCJKsc-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "msyh.ttc",
    "PingFang.ttc",
)
_FACES = range(10)
_TRIAL = 200  # pixels
_FAINT = 2  # rows at the edges of letters that are only half covered
STACK = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif"
_logger = logging.getLogger(__name__)


@cache
def _chinese() -> tuple[str, int] | None:
    for name in _FILES:
        try:
            ImageFont.truetype(name, 10)
        except OSError:
            continue
        return name, _simplified(name)
    _logger.warning("No font with Chinese letters was found: labels are offered as SVG only.")
    return None


def _simplified(name: str) -> int:
    for index in _FACES:
        try:
            family = ImageFont.truetype(name, 10, index=index).getname()[0] or ""
        except OSError:
            return 0
        if family.endswith(" SC"):
            return index
    return 0


def available() -> bool:
    """Returns whether there is a font with Chinese letters."""
    return _chinese() is not None


def of_size(size: float) -> FreeTypeFont:
    """Returns the font at a size in pixels. Raises LookupError if there is none."""
    found = _chinese()
    if found is None:
        raise LookupError
    return ImageFont.truetype(found[0], size, index=found[1])


def of_ink(text: str, height: int) -> FreeTypeFont:
    """Returns the font at which the text's solid ink is at least so many pixels high. Raises LookupError if there is none."""
    box = of_size(_TRIAL).getbbox(text)
    size = (height + _FAINT) * _TRIAL / (box[3] - box[1])
    while True:
        font = of_size(size)
        box = font.getbbox(text)
        if box[3] - box[1] >= height + _FAINT:
            return font
        size += 0.5
