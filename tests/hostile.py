"""The hostile files: every kind of bad upload we know, made here, none of them kept in the repository."""

import io
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

import pillow_heif
from PIL import Image

from verification.engines.bounds import MAX_BYTES

SECRET = b"39.9042N 116.4074E Maker-of-cameras"  # stands in every file's metadata and may stand in no picture
SCRIPT = b"<html><script>alert(document.cookie)</script></html>"


def encoded(kind: str, image: Image.Image | None = None, **more: Any) -> bytes:
    """Returns a picture in a format of Pillow's, or as HEIF."""
    shown, out = image or photograph(), io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(shown).save(out, quality=60, **more)
    else:
        shown.save(out, kind, **more)
    return out.getvalue()


@cache
def photograph(width: int = 200, height: int = 100) -> Image.Image:
    """Returns a picture with some noise, always the same one."""
    ramp = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (ramp, ramp.rotate(180), Image.effect_mandelbrot((width, height), (-2, -1, 1, 1), 20)))


def chunk(kind: bytes, data: bytes) -> bytes:
    """Returns one chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int, *, truly: bool = False) -> bytes:
    """Returns a small PNG file that says it is huge; `truly` if its data unfold to that size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes((width + 1) * height if truly else 1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """Returns a PNG file whose text unpacks to 80 MB."""
    whole = encoded("PNG")
    return whole[:33] + chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(80_000_000))) + whole[33:]


def profile_bomb() -> bytes:
    """Returns a PNG file whose colour profile unpacks to 80 MB."""
    whole = encoded("PNG")
    return whole[:33] + chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(80_000_000))) + whole[33:]


def webp_bomb() -> bytes:
    """Returns a WebP file whose canvas has 268 megapixels, around a small picture."""
    small = encoded("WEBP")[12:]
    canvas = bytes(4) + 2 * struct.pack("<I", 16_382)[:3]
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + canvas + small
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heic_bomb() -> bytes:
    """Returns a HEIC file that says it has 900 megapixels."""
    whole = encoded("HEIF", photograph(256, 128))
    return whole.replace(struct.pack(">II", 256, 128), struct.pack(">II", 30_000, 30_000))


def frames(kind: str, count: int, size: tuple[int, int] = (64, 64)) -> bytes:
    """Returns a file with so many pictures, the first one red."""
    colours = [Image.new("RGB", size, "red"), *(Image.new("RGB", size, (0, 0, place % 255)) for place in range(1, count))]
    if kind == "HEIF":
        file = pillow_heif.from_pillow(colours[0])
        for colour in colours[1:]:
            file.add_from_pillow(colour)
        out = io.BytesIO()
        file.save(out)
        return out.getvalue()
    return encoded(kind, colours[0], save_all=True, append_images=colours[1:])


def archive() -> bytes:
    """Returns a ZIP file with a page in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("index.html", SCRIPT)
    return out.getvalue()


def with_metadata(kind: str) -> bytes:
    """Returns a picture that says where and with what it was taken, in every way its format knows, lying on its side."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, SECRET.decode()
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 15.0)
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    more: dict[str, Any] = {"exif": exif.tobytes(), "xmp": xmp}
    if kind == "JPEG":
        more |= {"comment": SECRET, "icc_profile": SECRET * 20}
    return encoded(kind, photograph(), **more)


@cache
def refused() -> dict[str, tuple[bytes, str]]:
    """Returns the files that give no picture, each with the code of its refusal, by name."""
    jpeg, webp, heic = encoded("JPEG"), encoded("WEBP"), encoded("HEIF")
    return {
        "nothing": (b"", "empty"),
        "one byte": (b"\xff", "not_a_picture"),
        "too many bytes": (jpeg + bytes(MAX_BYTES), "too_large"),
        "html": (SCRIPT, "not_a_picture"),
        "svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not_a_picture"),
        "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not_a_picture"),
        "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n", "not_a_picture"),
        "zip": (archive(), "not_a_picture"),
        "zip, then a jpeg": (archive() + jpeg, "not_a_picture"),
        "html, then a jpeg": (SCRIPT + jpeg, "not_a_picture"),
        "zeros": (bytes(5000), "not_a_picture"),
        "gif": (encoded("GIF"), "unsupported_format"),
        "gif that is a script": (b"GIF89a/*" + encoded("GIF")[8:] + b"*/=1;alert(1)", "unsupported_format"),
        "bmp": (encoded("BMP"), "unsupported_format"),
        "tiff": (encoded("TIFF"), "unsupported_format"),
        "avif": (b"\0\0\0\x18ftypavif" + bytes(200), "unsupported_format"),
        "41 megapixels": (png_bomb(8200, 5000), "too_many_pixels"),
        "64 megapixels, truly": (png_bomb(8000, 8000, truly=True), "too_many_pixels"),
        "bomb over Pillow's limit": (png_bomb(60_000, 60_000), "too_many_pixels"),
        "one line of 100 megapixels": (png_bomb(100_000_000, 1), "too_many_pixels"),
        "webp bomb": (webp_bomb(), "too_many_pixels"),
        "heic bomb": (heic_bomb(), "too_many_pixels"),
        "png that holds too little": (png_bomb(3000, 3000), "damaged"),
        "text bomb": (text_bomb(), "damaged"),
        "profile bomb": (profile_bomb(), "damaged"),
        "half a jpeg": (jpeg[: len(jpeg) // 2], "damaged"),
        "a jpeg's first bytes": (jpeg[:4], "damaged"),
        "truncated png": (encoded("PNG")[:-400], "damaged"),
        "truncated webp": (webp[:100], "damaged"),
        "truncated heic": (heic[: len(heic) // 2], "damaged"),
        "heic of nothing": (b"\0\0\0\x18ftypheic" + bytes(200), "damaged"),
    }


@cache
def taken() -> dict[str, bytes]:
    """Returns the files that are odd, but give a picture, by name."""
    jpeg = encoded("JPEG")
    whole = photograph()
    return {
        **{f"{kind} with metadata": with_metadata(kind) for kind in ("JPEG", "PNG", "WEBP", "HEIF")},
        **{f"{kind} of 40 frames": frames(kind, 40) for kind in ("PNG", "WEBP", "HEIF")},
        "jpeg, then a zip": jpeg + archive(),
        "jpeg, then a page": jpeg + SCRIPT,
        "jpeg with a page as its comment": encoded("JPEG", comment=b"*/--></script>" + SCRIPT),
        "png, then a zip": encoded("PNG") + archive(),
        "cmyk": encoded("JPEG", whole.convert("CMYK")),
        "progressive": encoded("JPEG", whole, progressive=True),
        "grey": encoded("JPEG", whole.convert("L")),
        "16 bits": encoded("PNG", Image.new("I;16", (60, 40), 32768)),
        "one bit": encoded("PNG", whole.convert("1")),
        "palette with clear": encoded("PNG", whole.quantize(16), transparency=3),
        "grey with alpha": encoded("PNG", whole.convert("LA")),
        "heic with alpha": encoded("HEIF", whole.convert("RGBA")),
        "large": encoded("JPEG", Image.new("RGB", (7000, 5000), "grey")),
        "narrow": encoded("PNG", Image.new("L", (1, 9000), 99)),
        "one pixel": encoded("PNG", Image.new("RGB", (1, 1))),
    }
