"""Hostile files at every door that takes pictures: an answer in words, never an error of ours, and nothing kept."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.vault.models import SealedFile
from registry.personas.models import Portrait
from tests import hostile
from tests.registry.desk.desk import signed_in
from tests.registry.rows import persona_of
from verification import services

# Small enough to be quick, one of each kind; tests/verification/test_pictures.py tries all.
REFUSED = ("nothing", "svg", "zip, then a jpeg", "gif that is a script", "41 megapixels", "webp bomb", "half a jpeg", "truncated heic")
TAKEN = ("HEIF with metadata", "jpeg, then a zip", "cmyk", "PNG of 40 frames")
NAMES = ("../../../etc/cron.d/x.jpg", "photo.jpg\0.exe", "<script>alert(1)</script>.png", "a\r\nSet-Cookie: x=1.png", "CON", "." * 300)
TYPES = ("image/svg+xml", "text/html", "application/x-php", "image/jpeg; charset=../../etc", "", "multipart/form-data; boundary=x")


@pytest.fixture
def incoming(settings: Any, tmp_path: Path) -> Path:
    """The folder into which Django writes large uploads."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100  # so that nearly all are
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    folder: Path = settings.FILE_UPLOAD_TEMP_DIR
    return folder


@pytest.fixture
def applicant(alice: User, act: Callable[[User], Actor], now: datetime) -> Client:
    """Alice's browser, her case begun."""
    services.consent(actor=act(alice), purposes=("processing", "face"), now=now)
    services.start(actor=act(alice), now=now)
    return signed_in(alice)


def sent(browser: Client, door: str, data: bytes, number: int) -> int:
    """Returns the status with which an upload is answered."""
    file = SimpleUploadedFile(NAMES[number % len(NAMES)], data, TYPES[number % len(TYPES)])
    answer = browser.post(door, {"picture": file, "picture_channel": "../upload"})
    assert "<script>alert" not in answer.content.decode()
    assert "Set-Cookie: x" not in str(answer.headers)
    return answer.status_code


def kept(folder: Path) -> list[Path]:
    """Returns the files in a folder."""
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


@pytest.mark.parametrize("door", ["/identity/document/", "/identity/selfie/", "portraits"])
def test_a_hostile_file_is_refused_and_nothing_is_kept(door: str, applicant: Client, alice: User, incoming: Path, settings: Any) -> None:
    address = reverse("personas:portraits", args=[persona_of(alice).pk]) if door == "portraits" else door
    for number, name in enumerate(REFUSED):
        assert sent(applicant, address, hostile.refused()[name][0], number) == 422, name
    assert not SealedFile.objects.exists()
    assert not Portrait.objects.exists()
    assert kept(Path(settings.MEDIA_ROOT)) == []
    assert kept(incoming) == []


def test_an_odd_file_is_kept_clean_and_only_its_last_version(applicant: Client, incoming: Path, settings: Any) -> None:
    for number, name in enumerate(TAKEN):
        assert sent(applicant, "/identity/document/", hostile.taken()[name], number) in (200, 302, 422), name  # 200: taken, and called poor
    assert kept(incoming) == []
    assert len(kept(Path(settings.MEDIA_ROOT))) <= 1
    for file in SealedFile.objects.filter(data_key__destroyed_at=None):
        assert file.media_type == "image/jpeg"
        assert hostile.SECRET[:9] not in file.read()
