"""Hostile uploads are refused with a code; good ones come out clean."""

import io
import resource
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from demo.faces import documents
from demo.faces import pictures as faces
from tests import hostile
from tests.hostile import encoded
from verification.engines import darkroom, pictures, sandbox
from verification.engines.answers import Answer, unpacked
from verification.engines.pictures import LONGEST, BadPicture, Looked, Subject, clean, look
from verification.reasons import REASONS


@pytest.mark.parametrize("name", hostile.refused())
def test_a_hostile_upload_is_refused_with_a_code(name: str) -> None:
    upload, code = hostile.refused()[name]
    with pytest.raises(BadPicture) as refusal:
        clean(upload)
    assert refusal.value.code == code
    assert str(REASONS[code].help) in str(refusal.value.detail)


@pytest.mark.parametrize("name", hostile.taken())
def test_an_odd_upload_becomes_a_clean_picture(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    result = clean(hostile.taken()[name])
    assert hostile.SECRET[:9] not in result
    assert hostile.SCRIPT[:12] not in result
    with Image.open(io.BytesIO(result)) as out:
        out.load()
        assert (out.format, out.mode) == ("JPEG", "RGB")
        assert max(out.size) <= LONGEST
        assert set(out.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        if "frames" in name:
            assert out.getpixel((20, 20)) == pytest.approx((255, 0, 0), abs=8)
        if "metadata" in name:
            assert out.size == (100, 200)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("subject", [Subject.SELFIE, Subject.DOCUMENT, Subject.DOCUMENT_BACK])
def test_an_odd_upload_can_be_judged_as_anything(subject: Subject) -> None:
    for name in ("one pixel", "narrow", "16 bits", "large"):
        assert look(hostile.taken()[name], subject).problems


def test_a_good_picture_has_no_problems() -> None:
    card = documents.identity_card("alice", holder="Li Xiaoming", number="360426199101010071")
    assert look(faces.jpeg(card), Subject.DOCUMENT).problems == ()
    selfie = look(faces.jpeg(faces.portrait("alice", size=480)), Subject.SELFIE)
    assert selfie.problems == ()
    assert selfie.jpeg == clean(faces.jpeg(faces.portrait("alice", size=480)))
    assert look(faces.jpeg(card), Subject.SELFIE).problems == ()  # its portrait is a face; what it is, others decide


def test_forty_megapixels_unfold_outside_the_caller() -> None:
    upload = encoded("PNG", Image.new("RGB", (8000, 5000), "grey"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert clean(upload)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024  # kB


def test_what_takes_too_much_memory_or_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    upload = encoded("PNG", Image.new("RGBA", (8000, 5000), (9, 9, 9, 99)))
    ask = sandbox.ask
    for limits in (sandbox.Limits(memory=300 * 1024 * 1024), sandbox.Limits(clock=0.9)):
        monkeypatch.setattr(sandbox, "ask", partial(ask, limits=limits))
        with pytest.raises(BadPicture) as refusal:
            clean(upload)
        assert refusal.value.code in ("too_demanding", "busy")  # busy where a second is not enough to begin


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "damaged"),
        (b"[]\nxx", "damaged"),
        (b"{\xff", "damaged"),
        (Answer(jpeg=hostile.SCRIPT).packed(), "damaged"),
        (Answer(code="<script>").packed(), "damaged"),
        (sandbox.NotStarted(), "busy"),
        (sandbox.Exceeded(), "too_demanding"),
        (sandbox.Crashed(), "damaged"),
    ],
    ids=str,
)
def test_a_child_that_was_taken_over_says_nothing_of_its_own(answer: bytes | Exception, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(*_question: object) -> bytes:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(sandbox, "ask", said)
    with pytest.raises(BadPicture) as refusal:
        clean(b"x")
    assert refusal.value.code == code


def test_only_codes_of_the_catalogue_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Answer(problems=("selfie_dark", "<script>"), jpeg=b"\xff\xd8\xff").packed()
    monkeypatch.setattr(sandbox, "ask", lambda *_question: answer)
    assert look(b"x", Subject.SELFIE).problems == ("selfie_dark",)


VALID = [encoded(kind) for kind in ("JPEG", "PNG", "WEBP", "HEIF")]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Draws a valid file to which something was done."""
    data = bytearray(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(data)))
        kind = draw(st.sampled_from(("cut", "flip", "splice", "insert", "before", "after")))
        if kind == "cut":
            del data[place:]
        elif kind == "flip" and place < len(data):
            data[place] ^= draw(st.integers(1, 255))
        elif kind == "splice":
            data[place:] = draw(st.sampled_from(VALID))[place:]
        elif kind == "insert":
            data[place:place] = draw(st.binary(max_size=40))
        elif kind == "before":
            data[:0] = draw(st.sampled_from((b"\0", b"PK\x03\x04", b"<html>", VALID[0][:20])))
        else:
            data += draw(st.sampled_from((b"\0" * 9, hostile.SCRIPT, VALID[1])))
    return bytes(data)


def refused_or_clean(answer: bytes) -> bool:
    """Returns whether that is a code of the catalogue, or a picture that can be opened."""
    told = unpacked(answer)
    if told.code:
        return told.code in REASONS
    with Image.open(io.BytesIO(told.jpeg)) as out:
        out.load()
        return out.format == "JPEG" and max(out.size) <= LONGEST


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_what_a_decoder_makes_of_a_broken_file_is_a_code_or_a_picture(upload: bytes) -> None:
    assert refused_or_clean(darkroom.develop("plain", upload))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated(), st.sampled_from(Subject))
def test_a_broken_file_is_refused_or_clean_whatever_it_should_show(upload: bytes, subject: Subject) -> None:
    try:
        looked = look(upload, subject)
    except BadPicture as refusal:
        looked = Looked(b"", (refusal.code,))
    assert looked.jpeg.startswith(b"\xff\xd8\xff") or looked.problems
    assert set(looked.problems) <= set(REASONS)


def test_the_web_process_loads_no_decoder_of_heic() -> None:
    code = "import django, os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings'; django.setup(); import portal.wsgi"
    loaded = f"{code}; assert not {{'pillow_heif', 'verification.engines.decoding'}} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
    assert "pillow_heif" not in vars(pictures)


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
