"""Labelling a copy: read back before it is given out, refused where a label stands, by ffmpeg where only it can."""

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from portal.kit.errors import PortalError
from registry.labels import applying, remuxing
from registry.labels.aigc import first_write
from registry.labels.containers import kinds
from registry.labels.containers.source import Source
from tests.plugin import program
from tests.registry.labels import files

LABEL = first_write(producer="VH-1", produce_id="VH-1.7")


def read(data: bytes) -> list[str]:
    """Returns the labels of a file."""
    source = Source(io.BytesIO(data))
    kind = kinds.recognise(source)
    assert kind is not None
    return [found.text for found in kind.read(source).labels]


def test_the_copy_bears_the_label_and_the_original_does_not() -> None:
    original = files.picture("PNG")
    kind, copy = applying.apply(io.BytesIO(original), LABEL)
    with copy:
        assert (kind.name, read(copy.read())) == ("PNG", [LABEL.as_json()])
    assert read(original) == []


def refused(data: bytes) -> str:
    """Returns the code with which a file is refused."""
    with pytest.raises(PortalError) as error:
        applying.apply(io.BytesIO(data), LABEL)
    return error.value.code


def test_a_second_label_is_never_written() -> None:
    _kind, copy = applying.apply(io.BytesIO(files.wav()), LABEL)
    with copy:
        assert refused(copy.read()) == "already_labelled"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7", "container_unknown"),
        (files.picture("PNG")[:60], "file_damaged"),
        (files.wav() + b"a tail", "not_writable"),
    ],
)
def test_what_cannot_be_labelled_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_a_copy_that_lost_its_label_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    loses = replace(kinds.PNG, write=lambda source, _label: [range(source.size)])
    monkeypatch.setattr(kinds, "recognise", lambda _source: loses)
    assert refused(files.picture("PNG")) == "not_kept"


def test_without_ffmpeg_it_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(applying.NeedsTool) as error:
        applying.apply(io.BytesIO(files.matroska()), LABEL)
    assert "ffmpeg" in str(error.value.title)


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a real video in containers that only ffmpeg rewrites."""
    folder = tmp_path_factory.mktemp("videos")
    begin = [program("ffmpeg"), "-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=1"]
    for name, more in {
        "a.mkv": ["-c:v", "mpeg4"],
        "a.flv": ["-c:v", "flv", "-flvflags", "add_keyframe_index"],
        "a.mp4": ["-c:v", "mpeg4", "-movflags", "frag_keyframe+empty_moov"],
        "b.mp4": ["-c:v", "mpeg4", "-movflags", "faststart"],
        "b.mov": ["-c:v", "mpeg4"],
        "b.flv": ["-c:v", "flv"],
        "b.avi": ["-c:v", "mpeg4"],
    }.items():
        subprocess.run([*begin, *more, str(folder / name)], check=True)
    return folder


def pictures(path: Path) -> str:
    """Returns a digest of every coded frame."""
    command = [program("ffmpeg"), "-v", "error", "-i", str(path), "-map", "0:v", "-c", "copy", "-f", "hash", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", ["a.mkv", "a.flv", "a.mp4"])
def test_ffmpeg_writes_the_label_and_leaves_every_frame(videos: Path, name: str, tmp_path: Path) -> None:
    _kind, copy = applying.apply(io.BytesIO((videos / name).read_bytes()), LABEL)
    with copy:
        data = copy.read()
    assert read(data) == [LABEL.as_json()]
    (tmp_path / name).write_bytes(data)
    assert pictures(tmp_path / name) == pictures(videos / name)


@pytest.mark.parametrize("name", ["b.mp4", "b.mov", "b.flv", "b.avi"])
def test_another_program_reads_what_we_wrote_and_the_same_frames(
    videos: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)  # written by us alone
    _kind, copy = applying.apply(io.BytesIO((videos / name).read_bytes()), LABEL)
    with copy:
        (tmp_path / name).write_bytes(copy.read())
    monkeypatch.undo()
    command = [program("ffmpeg"), "-v", "error", "-i", str(tmp_path / name), "-f", "ffmetadata", "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert f"AIGC={LABEL.as_json()}" in told
    assert pictures(tmp_path / name) == pictures(videos / name)


def test_a_label_that_ffmpeg_dropped_in_silence_is_noticed(videos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = remuxing._command
    flags = {"-movflags", "use_metadata_tags"}
    monkeypatch.setattr(remuxing, "_command", lambda *asked: [word for word in whole(*asked) if word not in flags])
    assert refused((videos / "a.mp4").read_bytes()) == "not_kept"


def test_a_playlist_in_disguise_is_not_followed(tmp_path: Path) -> None:
    program("ffmpeg")
    secret = tmp_path / "secret"
    secret.write_text("secret")
    head = files.matroska()[:40]
    assert refused(head + f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n".encode()) == "file_damaged"
