"""Which container a file is, told by its first bytes and never by its name."""

from collections.abc import Callable
from dataclasses import dataclass

from registry.labels.containers import flv, id3, isobmff, isobmff_writing, jpeg, matroska, png, riff
from registry.labels.containers.source import Contents, Piece, Source


@dataclass(frozen=True, slots=True)
class Kind:
    """A container we know: its names, and how it is read and written. `muxer` is what ffmpeg calls it, where ffmpeg can help."""

    name: str
    extension: str
    media_type: str
    read: Callable[[Source], Contents]
    write: Callable[[Source, str], list[Piece]]
    muxer: str = ""


PNG = Kind("PNG", "png", "image/png", png.read, png.write)
JPEG = Kind("JPEG", "jpg", "image/jpeg", jpeg.read, jpeg.write)
WEBP = Kind("WebP", "webp", "image/webp", riff.read_webp, riff.write_webp)
WAV = Kind("WAV", "wav", "audio/wav", riff.read_wav, riff.write_wav)
AVI = Kind("AVI", "avi", "video/x-msvideo", riff.read_avi, riff.write_avi)
MP4 = Kind("MP4", "mp4", "video/mp4", isobmff.read, isobmff_writing.write, "mp4")
MOV = Kind("MOV", "mov", "video/quicktime", isobmff.read, isobmff_writing.write, "mov")
MKV = Kind("Matroska", "mkv", "video/x-matroska", matroska.read, matroska.write, "matroska")
WEBM = Kind("WebM", "webm", "video/webm", matroska.read, matroska.write, "webm")
FLV = Kind("FLV", "flv", "video/x-flv", flv.read, flv.write, "flv")
MP3 = Kind("MP3", "mp3", "audio/mpeg", id3.read, id3.write, "mp3")
ALL = (PNG, JPEG, WEBP, MP4, MOV, MKV, WEBM, FLV, AVI, MP3, WAV)

_RIFF = {b"WEBP": WEBP, b"WAVE": WAV, b"AVI ": AVI}
_BY_BEGINNING = {png.SIGNATURE: PNG, jpeg.SIGNATURE: JPEG, flv.SIGNATURE: FLV, id3.SIGNATURE: MP3}
_OLD_MOVIE = (b"moov", b"mdat", b"wide", b"free", b"skip")
_PICTURES = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")


def recognise(source: Source) -> Kind | None:
    """Returns the container; None for one we do not know."""
    head = source.at(0, min(source.size, 64))
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head.startswith(matroska.SIGNATURE):
        return WEBM if b"webm" in head else MKV
    if head[4:8] == b"ftyp":
        return None if head[8:12] in _PICTURES else MOV if head[8:12] == b"qt  " else MP4
    if head[4:8] in _OLD_MOVIE:
        return MOV
    known = next((kind for beginning, kind in _BY_BEGINNING.items() if head.startswith(beginning)), None)
    return known or (MP3 if _is_layer_three(head) else None)


def _is_layer_three(head: bytes) -> bool:
    """An MPEG audio frame without a tag before it: eleven ones, a version, layer III, and a bit rate that exists."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    return head[1] >> 3 & 3 != 1 and head[1] >> 1 & 3 == 1 and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
