"""Files, rows and keys that belong to nothing are found after their grace, and nothing else is."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from portal.access.actor import SYSTEM
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.keeping import purging
from portal.vault import files, orphans
from portal.vault.models import DataKey, Retention, SealedFile
from portal.vault.orphans import GRACE, Kind
from tests.portal.rows import case_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    """The present: files bear the machine's own time."""
    return timezone.now()


def kinds(now: datetime) -> list[str]:
    """Returns what is found, by kind."""
    return [orphan.kind for orphan in orphans.found(now)]


def kept(user: User) -> SealedFile:
    """Returns a file that a case of the account points at."""
    file = files.store(b"picture", media_type="image/jpeg", kind=Retention.PICTURE)
    case_of(user, state="review", document_image=file)
    return file


def erased(now: datetime) -> dict[str, int]:
    """Returns what a purge erased, by kind."""
    return {line.name: line.erased for line in purging.purge(actor=SYSTEM, now=now).lines if line.erased}


def test_an_empty_vault_and_a_sound_one_have_none(alice: User, now: datetime) -> None:
    assert kinds(now) == []
    kept(alice)
    assert kinds(now + GRACE * 2) == []


def test_a_file_without_a_row_goes_after_the_grace(now: datetime) -> None:
    file = SealedFile()
    storages["vault"].save(file.path, ContentFile(b"sealed"))
    assert kinds(now + GRACE - timedelta(minutes=1)) == []
    later = now + GRACE + timedelta(minutes=1)
    assert kinds(later) == [Kind.FILE_WITHOUT_ROW]
    assert erased(later) == {"files_without_row": 1}
    assert kinds(later) == []
    assert Entry.objects.get().data == {"kind": "files_without_row", "name": file.path}


def test_a_stored_file_that_nothing_points_at_goes_after_the_grace(now: datetime) -> None:
    file = files.store(b"an upload that was cut off", media_type="image/jpeg", kind=Retention.PICTURE)
    SealedFile.objects.update(created_at=now - GRACE + timedelta(minutes=1))
    assert kinds(now) == []
    SealedFile.objects.update(created_at=now - GRACE)
    assert erased(now) == {"files_of_nothing": 1}
    assert not storages["vault"].exists(file.path)
    assert DataKey.objects.get().wrapped is None


def test_bytes_whose_key_is_gone_need_no_grace(alice: User, now: datetime) -> None:
    file = kept(alice)
    files.erase(file.data_key, now=now)
    assert erased(now) == {"files_of_erased_rows": 1}
    assert not storages["vault"].exists(file.path)


def test_a_key_that_seals_nothing_goes_after_the_grace(alice: User, now: datetime) -> None:
    used, unused = case_of(alice, state="review").data_key, DataKey.draw(Retention.IDENTITY)
    DataKey.objects.update(created_at=now - GRACE + timedelta(minutes=1))
    assert kinds(now) == []
    DataKey.objects.update(created_at=now - GRACE)
    assert erased(now) == {"keys_of_nothing": 1}
    assert DataKey.objects.get(pk=unused.pk).destroyed_at == now
    assert DataKey.objects.get(pk=used.pk).wrapped is not None


def test_a_file_that_is_missing_is_reported_every_time(alice: User, now: datetime) -> None:
    file = kept(alice)
    SealedFile.objects.update(created_at=now - GRACE)
    storages["vault"].delete(file.path)
    for _ in range(2):
        [line] = [each for each in purging.purge(actor=SYSTEM, now=now).lines if each.name == "files_missing"]
        assert (line.due, line.erased, line.failed) == (1, 0, 0)
    assert SealedFile.objects.get().data_key.wrapped is not None


@pytest.mark.parametrize("name", ["notes.txt", "zz/anything", "ab/readme", "ab/" + "0" * 32])
def test_what_the_vault_did_not_write_is_reported_and_left(now: datetime, settings: object, name: str) -> None:
    path = Path(settings.MEDIA_ROOT) / name  # type: ignore[attr-defined]
    path.parent.mkdir(parents=True)
    path.write_text("somebody's")
    os.utime(path, (0, 0))
    assert kinds(now) == [Kind.FILE_STRANGE]
    assert erased(now) == {}
    assert path.exists()
