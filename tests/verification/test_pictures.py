"""Hostile uploads are refused with a code; good ones come out clean."""

import io
import struct
import zlib

import pytest
from PIL import Image

from verification.engines.pictures import LONGEST, MAX_BYTES, BadPicture, clean
from verification.reasons import REASONS


def encoded(kind: str, image: Image.Image | None = None, **more: object) -> bytes:
    """Returns a picture in a format of Pillow's."""
    out = io.BytesIO()
    (image or Image.effect_noise((200, 100), 60).convert("RGB")).save(out, kind, **more)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """Returns one chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """Returns a small PNG file that says it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """Returns a PNG file whose text unpacks to 80 MB."""
    whole = encoded("PNG")
    return whole[:33] + chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(80_000_000))) + whole[33:]


JPEG = encoded("JPEG")
HOSTILE = {
    "nothing": (b"", "empty"),
    "html": (b"<!doctype html><script>alert(1)</script>", "not_a_picture"),
    "svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not_a_picture"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not_a_picture"),
    "zip": (b"PK\x03\x04" + bytes(100), "not_a_picture"),
    "zeros": (bytes(5000), "not_a_picture"),
    "gif": (encoded("GIF"), "unsupported_format"),
    "bmp": (encoded("BMP"), "unsupported_format"),
    "tiff": (encoded("TIFF"), "unsupported_format"),
    "avif": (b"\0\0\0\x18ftypavif" + bytes(200), "unsupported_format"),
    "heic of nothing": (b"\0\0\0\x18ftypheic" + bytes(200), "damaged"),
    "too many bytes": (JPEG + bytes(MAX_BYTES), "too_large"),
    "41 megapixels": (bomb(8200, 5000), "too_many_pixels"),
    "bomb with Pillow's warning": (bomb(12_000, 9_000), "too_many_pixels"),
    "bomb over Pillow's limit": (bomb(60_000, 60_000), "too_many_pixels"),
    "truncated jpeg": (JPEG[: len(JPEG) // 2], "damaged"),
    "jpeg's first bytes": (JPEG[:4], "damaged"),
    "truncated png": (encoded("PNG")[:-400], "damaged"),
    "png that holds too little": (bomb(3000, 3000), "damaged"),
    "truncated webp": (encoded("WEBP")[:100], "damaged"),
    "text bomb": (text_bomb(), "damaged"),
}


@pytest.mark.parametrize(("upload", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_upload_is_refused_with_a_code(upload: bytes, code: str) -> None:
    with pytest.raises(BadPicture) as refusal:
        clean(upload)
    assert refusal.value.code == code
    assert str(REASONS[code].help) in str(refusal.value.detail)


@pytest.mark.parametrize(
    ("kind", "modes"), [("JPEG", "RGB L CMYK 1"), ("PNG", "RGB L RGBA P LA I;16 1"), ("WEBP", "RGB RGBA")], ids=["JPEG", "PNG", "WEBP"]
)
def test_every_common_picture_becomes_a_plain_jpeg(kind: str, modes: str) -> None:
    for mode in modes.split():
        image = Image.effect_noise((64, 48), 60).convert("I" if mode == "I;16" else "RGB").convert(mode)
        with Image.open(io.BytesIO(clean(encoded(kind, image)))) as out:
            assert (out.format, out.mode, out.size) == ("JPEG", "RGB", (64, 48))


def test_metadata_and_place_are_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker of cameras"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 27.0)
    upload = encoded("JPEG", Image.new("RGB", (60, 40), "red"), exif=exif, comment=b"a comment", icc_profile=b"profile" * 20)
    result = clean(upload)
    assert b"Maker" not in result
    assert b"comment" not in result
    with Image.open(io.BytesIO(result)) as out:
        assert out.size == (40, 60)
        assert not out.getexif()
        assert "icc_profile" not in out.info


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_broken_exif_block_does_no_harm() -> None:
    assert clean(encoded("JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"))


def test_a_large_picture_is_made_smaller() -> None:
    with Image.open(io.BytesIO(clean(encoded("JPEG", Image.new("RGB", (5000, 4000)))))) as out:
        assert max(out.size) == LONGEST


def test_only_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue", "green")]
    for kind in ("PNG", "WEBP"):
        upload = encoded(kind, frames[0], save_all=True, append_images=frames[1:], duration=10)
        with Image.open(io.BytesIO(clean(upload))) as out:
            red, green, blue = out.convert("RGB").getpixel((25, 25))  # type: ignore[misc]
            assert red > 200
            assert green + blue < 60


def test_what_is_clear_becomes_white() -> None:
    with Image.open(io.BytesIO(clean(encoded("PNG", Image.new("RGBA", (20, 20), (0, 0, 0, 0)))))) as out:
        assert out.getpixel((5, 5)) == (255, 255, 255)
