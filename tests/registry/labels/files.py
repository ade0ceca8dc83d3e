"""A small file of every container, made here from its specification, without a label unless one is asked for."""

import io
import struct
import wave
import zlib
from functools import cache

from PIL import Image

XMP_OF_OTHERS = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="kept"/></rdf:RDF></x:xmpmeta>'
)


def picture(kind: str, **more: object) -> bytes:
    """Returns a picture with some structure, as Pillow writes it."""
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize((40, 24)).convert("RGBA" if more.get("lossless") else "RGB")
    image.save(out, kind, **more)
    return out.getvalue()


def box(kind: bytes, body: bytes) -> bytes:
    """Returns a box of ISO BMFF."""
    return struct.pack(">I", 8 + len(body)) + kind + body


SAMPLES = (b"first sample", b"second sample")


def movie(*, fast: bool = False, user_data: bytes = b"", wide: bool = False, more: bytes = b"", brand: bytes = b"isom") -> bytes:
    """Returns a movie with two samples; `fast` with the index before them, `wide` with offsets of 64 bits."""
    head, media = box(b"ftyp", brand + bytes(4)), box(b"mdat", b"".join(SAMPLES))

    def index(start: int) -> bytes:
        offsets = (start + 8, start + 8 + len(SAMPLES[0]))
        table = box(b"co64" if wide else b"stco", struct.pack(f">II2{'Q' if wide else 'I'}", 0, 2, *offsets))
        track = box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", table))))
        return box(b"moov", box(b"mvhd", bytes(100)) + track + user_data + more)

    size = len(index(0))
    return head + index(len(head) + size) + media if fast else head + media + index(len(head))


def samples(file: bytes) -> tuple[bytes, ...]:
    """Returns the samples that the index of a movie points at."""
    place = max(file.find(b"stco"), file.find(b"co64"))
    offsets = struct.unpack_from(">2Q" if file[place : place + 4] == b"co64" else ">2I", file, place + 12)
    return tuple(file[offset : offset + len(sample)] for offset, sample in zip(offsets, SAMPLES, strict=True))


def itunes() -> bytes:
    """Returns user data as ffmpeg writes them by default: the list of iTunes, without keys."""
    handler = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    tool = box(b"\xa9too", box(b"data", struct.pack(">II", 1, 0) + b"Lavf"))
    return box(b"udta", box(b"meta", bytes(4) + handler + box(b"ilst", tool)))


def keyed(**values: str) -> bytes:
    """Returns user data with keys of their own."""
    handler = box(b"hdlr", bytes(8) + b"mdta" + bytes(13))
    names = box(b"keys", struct.pack(">II", 0, len(values)) + b"".join(box(b"mdta", name.encode()) for name in values))
    items = (box(struct.pack(">I", n), box(b"data", struct.pack(">II", 1, 0) + v.encode())) for n, v in enumerate(values.values(), 1))
    return box(b"udta", box(b"meta", bytes(4) + handler + names + box(b"ilst", b"".join(items))))


def chunk(kind: bytes, data: bytes) -> bytes:
    """Returns a chunk of RIFF."""
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def avi() -> bytes:
    """Returns an AVI file with an index behind its pictures."""
    head = chunk(b"LIST", b"hdrl" + chunk(b"avih", bytes(56)))
    body = b"AVI " + head + chunk(b"LIST", b"movi" + chunk(b"00dc", b"pic")) + chunk(b"idx1", bytes(16))
    return chunk(b"RIFF", body)


def wav() -> bytes:
    """Returns a tenth of a second of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes(801))
    return out.getvalue()


def mp3(tag: bytes = b"") -> bytes:
    """Returns two frames of an MP3 file, behind a tag if one is given."""
    return tag + (b"\xff\xfb\x90\x64" + bytes(413)) * 2


def id3(version: int, *frames: bytes, flags: int = 0) -> bytes:
    """Returns an ID3v2 tag with some padding."""
    body = b"".join(frames) + bytes(20)
    return b"ID3" + bytes([version, 0, flags]) + bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0)) + body


def flv(*members: bytes, array: bool = True) -> bytes:
    """Returns an FLV file whose onMetaData has these members; without any, one without onMetaData."""
    head = b"FLV\x01\x05" + struct.pack(">II", 9, 0)
    video = flv_tag(9, b"\x17\x00" + bytes(20))
    if not members:
        return head + video
    begin = b"\x08" + struct.pack(">I", len(members)) if array else b"\x03"
    return head + flv_tag(18, b"\x02\x00\x0aonMetaData" + begin + b"".join(members) + b"\0\0\x09") + video


def flv_tag(kind: int, body: bytes) -> bytes:
    """Returns a tag of FLV with the size behind it."""
    return bytes([kind]) + len(body).to_bytes(3, "big") + bytes(7) + body + struct.pack(">I", 11 + len(body))


def element(identifier: str, body: bytes, *, unknown: bool = False) -> bytes:
    """Returns an element of EBML, its length in eight bytes."""
    length = b"\x01" + b"\xff" * 7 if unknown else (1 << 56 | len(body)).to_bytes(8, "big")
    return bytes.fromhex(identifier) + length + body


def matroska(label: str = "", *, unknown: bool = False, deep: int = 0, doctype: bytes = b"matroska") -> bytes:
    """Returns a Matroska file; `unknown` of the length of segment and cluster, `deep` with tags within the tag."""
    tags = b""
    if label or deep:
        simple = element("67c8", element("45a3", b"AIGC") + element("4487", label.encode()))
        for _level in range(deep):
            simple = element("67c8", element("45a3", b"OUTER") + simple)
        tags = element("1254c367", element("7373", element("63c0", b"") + simple))
    cluster = element("1f43b675", element("e7", b"\0") + element("a3", bytes(9)), unknown=unknown)
    return element("1a45dfa3", element("4282", doctype)) + element("18538067", cluster + tags, unknown=unknown)


@cache
def plain() -> dict[str, bytes]:
    """Returns a file without a label in every shape of container we write, by name."""
    return {
        "PNG": picture("PNG"),
        "PNG with XMP": _png_with_xmp(),
        "JPEG": picture("JPEG"),
        "JPEG with XMP": picture("JPEG", xmp=XMP_OF_OTHERS),
        "WebP": picture("WEBP"),
        "WebP without loss": picture("WEBP", lossless=True),
        "WebP with XMP": picture("WEBP", xmp=XMP_OF_OTHERS),
        "MP4": movie(),
        "MP4, index first": movie(fast=True),
        "MP4, index first, 64 bits": movie(fast=True, wide=True),
        "MP4 of iTunes": movie(fast=True, user_data=itunes()),
        "MP4 with keys": movie(fast=True, user_data=keyed(title="kept", encoder="x")),
        "MP4 with empty user data": movie(fast=True, user_data=box(b"udta", bytes(4))),
        "MOV": movie(brand=b"qt  "),
        "AVI": avi(),
        "WAV": wav(),
        "MP3": mp3(),
        "MP3 with tag 2.3": mp3(id3(3, b"TIT2\0\0\0\x03\0\0\0ab")),
        "MP3 with tag 2.4": mp3(id3(4, b"TIT2\0\0\0\x03\0\0\0ab")),
        "FLV": flv(b"\0\x05width\x00" + struct.pack(">d", 64)),
        "FLV with an object": flv(b"\0\x05width\x00" + struct.pack(">d", 64), array=False),
        "FLV without onMetaData": flv(),
    }


def _png_with_xmp() -> bytes:
    whole, data = picture("PNG"), b"XML:com.adobe.xmp\0\0\0\0\0" + XMP_OF_OTHERS
    checksum = struct.pack(">I", zlib.crc32(b"iTXt" + data))
    return whole[:33] + struct.pack(">I", len(data)) + b"iTXt" + data + checksum + whole[33:]
