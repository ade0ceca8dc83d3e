"""Key rotation: every data key is wrapped anew by the newest master key. What the data keys seal is not touched.

Each row is a compare-and-set on the master's name, some hundred rows a transaction: killed anywhere, the next run goes on;
a second run beside it, a new record or an erasure meanwhile do no harm.
"""

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet

from portal.vault import cipher
from portal.vault.models import DataKey

BATCH = 200

log = logging.getLogger(__name__)


class UnknownMaster(cipher.VaultError):
    """Keys are wrapped by a master key that is not configured here; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    moved: int = 0
    failed: int = 0
    left: int = 0


def newest() -> str:
    """Returns the name of the master key that wraps."""
    return next(iter(cipher.masters()))


def by_master() -> dict[str, int]:
    """Returns how many data keys each master key wraps. Raises UnknownMaster if one of them is not configured."""
    counted = DataKey.objects.filter(wrapped__isnull=False).values_list("master").annotate(n=Count("pk")).order_by("master")
    found = dict(counted)
    unknown = {name: n for name, n in found.items() if name not in cipher.masters()}
    if unknown:
        told = ", ".join(f"{name} ({n} keys)" for name, n in unknown.items())
        raise UnknownMaster(f"VAULT_MASTER_KEYS lacks {told}: what they wrap could not be opened. Nothing was changed.")
    return found


def behind() -> QuerySet[DataKey]:
    """Returns the keys that an older master key wraps; destroyed ones have nothing to wrap."""
    return DataKey.objects.filter(wrapped__isnull=False).exclude(master=newest())


def rewrap(batch: int = BATCH) -> Iterator[Progress]:
    """Yields how far it is after each batch. Raises UnknownMaster before the first change.

    A key that does not open is left as it is, counted and logged: its master key must stay.
    """
    by_master()
    moved = failed = 0
    last = uuid.UUID(int=0)
    while keys := list(behind().filter(pk__gt=last).order_by("pk")[:batch]):
        with transaction.atomic():  # one write to the disk for all
            done = [_moved(key) for key in keys]
        moved, failed = moved + done.count(True), failed + done.count(None)
        last = keys[-1].pk
        yield Progress(moved, failed, behind().count())


def _moved(key: DataKey) -> bool | None:
    """As `move`; None if the key does not open."""
    try:
        return move(key)
    except cipher.VaultError as error:
        log.error("data key not wrapped anew: %s", error)
        return None


def move(key: DataKey) -> bool:
    """Returns whether the key is now wrapped by the newest master key, by us. Raises VaultError if it does not open.

    The new wrapping is opened again before it is written: what stands in the row afterwards is known to open.
    """
    place = f"key:{key.pk}"
    plain = key.open()
    name, wrapped = cipher.wrap(plain, place)
    if cipher.unwrap(name, wrapped, place) != plain:
        raise cipher.VaultError(f"{place} does not open under {name}")
    standing = DataKey.objects.filter(pk=key.pk, master=key.master, wrapped__isnull=False, destroyed_at=None)
    return standing.update(master=name, wrapped=wrapped) == 1
