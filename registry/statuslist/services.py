"""Giving a registration its entry, deriving values anew, signing a list."""

import gzip
import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from portal.signing import services as signing
from registry.issuing import queries as issuing
from registry.issuing.models import Registration
from registry.issuing.verdict import Facts, next_change
from registry.statuslist import bits, queries, rules
from registry.statuslist.models import Entry, StatusList

TYPE = "statuslist+jwt"
AT_ONCE, DRAWS = 64, 20  # candidates of one draw; a list in which 20 draws find nothing free is 99 % full


def allocate(*, registration_id: uuid.UUID, now: datetime) -> Entry:
    """Returns the registration's entry: the one it has, or a random unused index of the list that is being filled.

    Safe under concurrency: the unique constraints decide, and whoever loses draws again.
    """
    while True:
        found = Entry.objects.filter(registration=registration_id).first()
        if found is not None:
            return found
        _draw(registration_id, _filling(now), now)


def _filling(now: datetime) -> StatusList:
    while True:
        found = StatusList.objects.filter(full=False).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return StatusList.objects.create(created_at=now, dirty_since=now)
        except IntegrityError:
            continue  # another process was first


def _draw(registration_id: uuid.UUID, status_list: StatusList, now: datetime) -> None:
    """Tries once to write the entry with its value; a list without room is closed."""
    index = free_index(status_list)
    if index is None:
        StatusList.objects.filter(pk=status_list.pk).update(full=True)
        return
    try:
        with transaction.atomic():
            Entry.objects.create(list=status_list, index=index, registration_id=registration_id, derived_at=now)
            derive(registration_ids=[registration_id], now=now)
    except IntegrityError:
        return  # the index, or the registration's entry, was written by another process


def free_index(status_list: StatusList) -> int | None:
    """Returns a random index that no entry uses, or None if the list is full."""
    for _draw in range(DRAWS):
        candidates = [secrets.randbelow(bits.SIZE) for _ in range(AT_ONCE)]
        taken = set(Entry.objects.filter(list=status_list, index__in=candidates).values_list("index", flat=True))
        free = next((each for each in candidates if each not in taken), None)
        if free is not None:
            return free
    return None


@transaction.atomic
def derive(*, registration_ids: Collection[uuid.UUID], now: datetime) -> int:
    """Writes what the facts say now into the entries; returns how many values changed. Their lists wait to be signed.

    The rows are locked before the facts are read: of two that derive at once, the later one has the later facts.
    """
    entries = list(Entry.objects.select_for_update().filter(registration__in=registration_ids).order_by("pk"))
    facts = _facts([entry.registration_id for entry in entries])
    touched = set()
    for entry in entries:
        before, known = entry.value, facts[entry.registration_id]
        entry.value, entry.due_at, entry.derived_at = rules.value_of(known, now), next_change(known, now), now
        if entry.value != before:
            touched.add(entry)
    Entry.objects.bulk_update(entries, ["value", "due_at", "derived_at"])
    lists = StatusList.objects.filter(pk__in={entry.list_id for entry in touched})
    for status_list in lists.select_for_update().order_by("pk"):
        StatusList.objects.filter(pk=status_list.pk).update(dirty_since=Coalesce("dirty_since", Value(now)))
    return len(touched)


def _facts(registration_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Facts]:
    wanted = Registration.objects.filter(pk__in=registration_ids)
    identifiers = dict(wanted.values_list("registry_id", "pk"))
    return {identifiers[facts.registry_id]: facts for facts in issuing.facts_for(wanted)}


@transaction.atomic
def sign(*, list_id: uuid.UUID, now: datetime) -> StatusList:
    """Returns the list, signed anew. Its bytes are built again only if an entry changed. Raises SigningError."""
    row = StatusList.objects.select_for_update().get(pk=list_id)
    if row.dirty_since or not row.lst:
        changed = Entry.objects.filter(list=row).exclude(value=rules.VALID).values_list("index", "value")
        row.lst = bits.compress(bits.pack(changed))
    issued = now.replace(microsecond=0)
    row.uri, row.dirty_since, row.signed_at, row.expires_at = queries.uri(row.pk), None, now, issued + rules.LIFE
    row.token, row.kid = signing.sign(claims(row.uri, row.lst, issued), typ=TYPE, until=row.expires_at, now=now)
    row.zipped = gzip.compress(row.token.encode(), 6, mtime=0)
    row.save(update_fields=["lst", "uri", "dirty_since", "signed_at", "expires_at", "token", "kid", "zipped"])
    return row


def claims(uri: str, lst: str, issued: datetime) -> dict[str, Any]:
    """Returns the claims of a Status List Token (§5.1)."""
    at = int(issued.timestamp())
    return {
        "sub": uri,
        "iat": at,
        "exp": at + rules.LIFE // timedelta(seconds=1),
        "ttl": rules.TTL // timedelta(seconds=1),
        "status_list": {"bits": bits.BITS, "lst": lst, "aggregation_uri": queries.aggregation_uri()},
    }
