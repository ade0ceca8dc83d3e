"""Uploads become clean pictures: decoded within limits, upright, without metadata, as JPEG. Nothing else is ever stored."""

from io import BytesIO
from threading import Lock

from PIL import Image, ImageOps

from portal.kit.errors import Invalid
from verification.reasons import REASONS

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST = 2400
QUALITY = 90
MEDIA_TYPE = "image/jpeg"
_one_at_a_time = Lock()  # an upload of 150 kB can unfold to 160 MB
FORMATS = ("JPEG", "PNG", "WEBP")

# Beginnings of pictures we know and do not take.
_OTHERS = (b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"8BPS", b"\x00\x00\x01\x00", b"\x00\x00\x00\x0cjP  ", b"\xff\x0a")
_OTHER_BRANDS = (b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif", b"avis")


class BadPicture(Invalid):
    """The upload cannot be used; `code` is one of the reason catalogue's."""

    def __init__(self, code: str) -> None:
        reason = REASONS[code]
        super().__init__(f"{reason.text} {reason.help}", code=code)


def clean(upload: bytes) -> bytes:
    """Returns the first frame of the picture as JPEG, upright, at most 2400 pixels long, without metadata.

    Raises BadPicture: empty, too_large, not_a_picture, unsupported_format, too_many_pixels or damaged.
    """
    if not upload:
        raise BadPicture("empty")
    if len(upload) > MAX_BYTES:
        raise BadPicture("too_large")
    with _opened(upload) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise BadPicture("too_many_pixels")
        with _one_at_a_time:
            return _encoded(_decoded(picture))


def _opened(upload: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(upload), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise BadPicture("too_many_pixels") from bomb
    except Exception as error:  # a decoder that strangers feed may raise anything
        raise BadPicture(_guess(upload)) from error


def _guess(upload: bytes) -> str:
    if upload.startswith(_OTHERS) or (upload[4:8] == b"ftyp" and upload[8:12] in _OTHER_BRANDS):
        return "unsupported_format"
    ours = upload.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or upload[:4] + upload[8:12] == b"RIFFWEBP"
    return "damaged" if ours else "not_a_picture"


def _decoded(picture: Image.Image) -> Image.Image:
    try:
        picture.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded at a fraction of its size
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        picture.thumbnail((LONGEST, LONGEST))
        return _on_white(picture)
    except Exception as error:
        raise BadPicture("damaged") from error


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def _encoded(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.info.clear()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
