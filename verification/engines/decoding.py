"""From the bytes of an upload to an upright RGB picture without metadata, and to JPEG. Runs in the child: decoders meet strangers here."""

from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from verification.engines.bounds import LONGEST, MAX_PIXELS

QUALITY = 90
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
ENOUGH = (
    2000  # pixels: a JPEG that is at least twice as long is decoded at half its size, or less; 12 megapixels take 0.02 s instead of 0.2
)

# Beginnings of pictures we know and do not take.
_OTHERS = (b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"8BPS", b"\x00\x00\x01\x00", b"\x00\x00\x00\x0cjP  ", b"\xff\x0a")
_OURS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

# Loaded now: the child opens no file later, and Pillow imports some of these only when a picture wants them.
_PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)

Image.preinit()
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow refuses twice as many, also where a decoder would reserve the canvas at opening


class Undecodable(Exception):
    """The upload gives no picture; `code` is one of the reason catalogue's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decoded(upload: bytes) -> Image.Image:
    """Returns the first frame as RGB, upright, at most 2400 pixels a side.

    Raises Undecodable: not_a_picture, unsupported_format, too_many_pixels or damaged; MemoryError when the child has no more of it.
    """
    with _opened(upload) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise Undecodable("too_many_pixels")
        try:
            return _upright(picture)
        except MemoryError:
            raise
        except Exception as error:  # a decoder that strangers feed may raise anything
            raise Undecodable("damaged") from error


def encoded(picture: Image.Image) -> bytes:
    """Returns the picture as JPEG; nothing but its pixels goes in."""
    out = BytesIO()
    picture.info.clear()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _opened(upload: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(upload), formats=FORMATS)
    except Image.DecompressionBombError as bomb:
        raise Undecodable("too_many_pixels") from bomb
    except MemoryError:
        raise
    except Exception as error:
        raise Undecodable(_guess(upload)) from error


def _guess(upload: bytes) -> str:
    brand = upload[8:12] if upload[4:8] == b"ftyp" else b""
    if upload.startswith(_OURS) or upload[:4] + upload[8:12] == b"RIFFWEBP" or brand in _HEIC_BRANDS:
        return "damaged"
    return "unsupported_format" if brand or upload.startswith(_OTHERS) else "not_a_picture"


def _upright(picture: Image.Image) -> Image.Image:
    factor = max(picture.size) // ENOUGH
    if factor > 1:
        picture.draft("RGB", (picture.width // factor, picture.height // factor))
    picture.load()
    smooth = _scalable(picture)
    smooth.thumbnail((LONGEST, LONGEST))  # before it is turned: a large picture is copied once less
    ImageOps.exif_transpose(smooth, in_place=True)
    return _on_white(smooth)


def _scalable(picture: Image.Image) -> Image.Image:
    """Palettes cannot be scaled smoothly, and sixteen bits of grey would be cut off, not divided."""
    if picture.mode in ("1", "P", "PA"):
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.mode.startswith("I"):
        return picture.point(lambda level: level / 256).convert("L")
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper
