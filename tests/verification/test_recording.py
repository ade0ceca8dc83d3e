"""A recording is a stranger's file: it is read within limits, or refused with a code."""

import struct
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from verification.engines.recording import BadRecording, Frame, clean, decoded, pack, sheet, unpack
from verification.engines.reel import MAGIC, MAX_FRAME_BYTES, MAX_FRAMES


@cache
def jpeg(width: int = 32, height: int = 24, form: str = "JPEG") -> bytes:
    """Returns a grey picture as a file."""
    file = BytesIO()
    Image.new("RGB", (width, height), (90, 90, 90)).save(file, form)
    return file.getvalue()


def frames(count: int = 3) -> list[Frame]:
    """Returns frames a hundred ms apart."""
    return [Frame(100 * number, number % 7, jpeg()) for number in range(count)]


@given(st.lists(st.integers(min_value=0, max_value=2**32 - 1), min_size=1, max_size=20, unique=True), st.integers(0, 255))
def test_what_is_packed_is_unpacked(times: list[int], phase: int) -> None:
    written = [Frame(ms, phase, jpeg()) for ms in sorted(times)]
    assert unpack(pack(written)) == written


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_with_a_code(data: bytes) -> None:
    for hostile in (data, MAGIC + data, MAGIC + b"\x00\x01" + data):
        with pytest.raises(BadRecording) as refused:
            unpack(hostile)
        assert refused.value.code == "liveness_interrupted"


@given(st.data())
def test_a_recording_with_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(pack(frames()))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=6)):
        whole[place] = data.draw(st.integers(0, 255))
    try:
        for frame in unpack(bytes(whole)):
            assert decoded(frame).dtype == np.uint8
    except BadRecording:
        pass


HOSTILE = {
    "nothing": b"",
    "no frames": pack([]),
    "too many frames": pack(frames(MAX_FRAMES + 1)),
    "cut off": pack(frames())[:-1],
    "something behind": pack(frames()) + b"PK\x03\x04",
    "times that stand still": pack([Frame(5, 0, jpeg()), Frame(5, 0, jpeg())]),
    "times that fall": pack([Frame(5, 0, jpeg()), Frame(4, 0, jpeg())]),
    "a PNG": pack([Frame(5, 0, jpeg(form="PNG"))]),
    "a page": pack([Frame(5, 0, b"<html><script>alert(1)</script>")]),
    "a frame too wide": pack([Frame(5, 0, jpeg(width=1281))]),
    "a frame too heavy": pack([Frame(5, 0, jpeg() + bytes(MAX_FRAME_BYTES))]),
    "only a beginning": pack([Frame(5, 0, jpeg()[:20])]),
    "a length beyond the end": MAGIC + struct.pack(">HIBI", 1, 0, 0, 2**32 - 1) + jpeg(),
    "over six megabytes": pack([Frame(number, 0, jpeg() + bytes(60_000)) for number in range(110)]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_recording_is_refused(name: str) -> None:
    with pytest.raises(BadRecording):
        unpack(HOSTILE[name])


def test_a_bomb_is_refused_by_what_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bytearray(jpeg())
    size = whole.index(b"\xff\xc0") + 5
    whole[size : size + 4] = struct.pack(">HH", 60_000, 60_000)
    with pytest.raises(BadRecording):
        unpack(pack([Frame(5, 0, bytes(whole))]))


def test_a_frame_is_looked_at_with_at_most_480_pixels_a_side() -> None:
    assert decoded(Frame(0, 0, jpeg(1280, 640))).shape == (240, 480, 3)


def test_a_frame_cut_off_in_its_middle_is_refused() -> None:
    noisy = BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8)).save(noisy, "JPEG")
    with pytest.raises(BadRecording):
        decoded(Frame(0, 0, noisy.getvalue()[: len(noisy.getvalue()) // 2]))


def test_every_frame_is_made_anew_by_the_child() -> None:
    file = BytesIO()
    Image.new("RGB", (900, 600), "red").save(file, "JPEG", comment=b"taken by a stranger", exif=b"Exif\0\0Maker")
    cleaned = clean(pack([Frame(0, 0, file.getvalue()), Frame(120, 1, jpeg())]))
    assert b"stranger" not in cleaned
    assert b"Maker" not in cleaned
    assert [(frame.ms, frame.phase) for frame in unpack(cleaned)] == [(0, 0), (120, 1)]
    assert decoded(unpack(cleaned)[0]).shape == (320, 480, 3)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_recording_is_refused_before_anything_is_kept(name: str) -> None:
    with pytest.raises(BadRecording):
        clean(HOSTILE[name])


def test_an_officer_sees_the_recording_in_one_picture() -> None:
    with Image.open(BytesIO(sheet(pack(frames(40))))) as page:
        assert page.size == (6 * 240, 3 * 180)
    with Image.open(BytesIO(sheet(pack(frames(1))))) as page:
        assert page.size == (6 * 240, 3 * 180)
