"""What belongs to nothing: files without a row, rows without a file, keys that seal no row.

A crash between two steps leaves such things, and so does a backup of the database that is older than the storage's.
That is why nothing is taken for an orphan before a grace of days: whoever restores has time to read the report.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from django.core.files.storage import Storage, storages
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from portal.vault import files
from portal.vault.models import DataKey, SealedFile

GRACE = timedelta(days=7)
SLICES = "0123456789abcdef"  # of the identifiers, by their first digit: memory holds a sixteenth of the names
_FOLDER = re.compile(r"[0-9a-f]{2}")
_PATH = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{30})")
M = TypeVar("M", bound=Model)


class Kind(StrEnum):
    """What is left over. The last two are reported and left: there is nothing to erase, or it is not ours."""

    FILE_WITHOUT_ROW = "files_without_row"
    FILE_OF_ERASED = "files_of_erased_rows"
    FILE_UNCLAIMED = "files_of_nothing"
    KEY_UNCLAIMED = "keys_of_nothing"
    FILE_MISSING = "files_missing"
    FILE_STRANGE = "files_not_ours"


@dataclass(frozen=True, slots=True)
class Orphan:
    """One of them; `erase(now)` may run twice."""

    kind: Kind
    name: str
    since: datetime | None = None
    erase: Callable[[datetime], None] | None = None


def found(now: datetime) -> Iterator[Orphan]:
    """Yields every orphan, a slice of the identifiers after the other."""
    storage = storages["vault"]
    folders, loose = _listed(storage, "")
    ours = sorted(each for each in folders if _FOLDER.fullmatch(each))
    yield from (Orphan(Kind.FILE_STRANGE, name) for name in [*loose, *(each for each in folders if each not in ours)])
    for first in SLICES:
        yield from _in_slice(storage, first, [each for each in ours if each[0] == first], now)
    for key in _unclaimed(DataKey).filter(wrapped__isnull=False, created_at__lte=now - GRACE).iterator():
        yield Orphan(Kind.KEY_UNCLAIMED, str(key.pk), key.created_at, lambda at, key=key: files.erase(key, now=at))  # type: ignore[misc]


def _in_slice(storage: Storage, first: str, folders: list[str], now: datetime) -> Iterator[Orphan]:
    ids = (UUID(first + "0" * 31), UUID(first + "f" * 31))
    # Rows first: a file that comes while we look is not missing, and one without a row is asked for again.
    rows = {row.path: row for row in SealedFile.objects.filter(pk__range=ids).select_related("data_key")}
    unclaimed = set(_unclaimed(SealedFile).filter(pk__range=ids).values_list("pk", flat=True))
    paths = {f"{folder}/{name}" for folder in folders for name in _listed(storage, folder)[1]}
    for path in sorted(paths - rows.keys()):
        yield from _without_row(storage, path, now)
    for path, row in rows.items():
        yield from _of_row(row, present=path in paths, claimed=row.pk not in unclaimed, now=now)


def _without_row(storage: Storage, path: str, now: datetime) -> Iterator[Orphan]:
    ours = _PATH.fullmatch(path)
    if not ours:
        yield Orphan(Kind.FILE_STRANGE, path)
        return
    since = storage.get_modified_time(path)
    if since <= now - GRACE and not SealedFile.objects.filter(pk=UUID(ours[2])).exists():
        yield Orphan(Kind.FILE_WITHOUT_ROW, path, since, lambda at: storage.delete(path))


def _of_row(row: SealedFile, *, present: bool, claimed: bool, now: datetime) -> Iterator[Orphan]:
    old = row.created_at <= now - GRACE
    if row.data_key.wrapped is None:
        if present:
            yield Orphan(Kind.FILE_OF_ERASED, row.path, row.data_key.destroyed_at, lambda at: files.drop(row))
    elif old and not claimed:
        yield Orphan(Kind.FILE_UNCLAIMED, row.path, row.created_at, lambda at: files.erase_file(row, now=at))
    elif old and not present:
        yield Orphan(Kind.FILE_MISSING, row.path, row.created_at)


def _unclaimed(model: type[M]) -> QuerySet[M]:
    """The rows of a model to which no row of any other points, whichever rooms there are."""
    pointed = Q()
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many and relation.related_model:
            pointing = relation.related_model._base_manager
            pointed |= Q(Exists(pointing.filter(**{relation.field.attname: OuterRef("pk")})))  # type: ignore[union-attr]
    return model._default_manager.exclude(pointed)


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []
