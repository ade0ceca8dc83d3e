"""Files in, files out, files gone."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from portal.vault import cipher
from portal.vault.models import DataKey, Retention, SealedFile


def store(plain: bytes, *, media_type: str, kind: Retention) -> SealedFile:
    """Returns the new file. The row is written first: an orphan row is harmless, an orphan file would be kept for ever."""
    file = SealedFile(media_type=media_type, size=len(plain), kind=kind)
    file.save(force_insert=True)
    storages["vault"].save(file.path, ContentFile(cipher.seal(file.data_key.open(), plain, file.place)))
    return file


def erase(key: DataKey, *, now: datetime) -> None:
    """Destroys the data key; what it sealed cannot be opened again, in this database or in a copy made from now on."""
    DataKey.objects.filter(pk=key.pk, destroyed_at=None).update(wrapped=None, destroyed_at=now)


def erase_file(file: SealedFile, *, now: datetime) -> None:
    """Erases the file: its key and its bytes."""
    erase(file.data_key, now=now)
    drop(file)


def drop(file: SealedFile) -> None:
    """Deletes the bytes of a file whose key was destroyed. To be called once that is committed: bytes do not come back."""
    storages["vault"].delete(file.path)
