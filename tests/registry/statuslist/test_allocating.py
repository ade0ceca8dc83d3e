"""Each registration has one place in one list, drawn at random and for good."""

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit import clock
from registry.issuing.models import Registration
from registry.statuslist import bits, services
from registry.statuslist.models import Entry, StatusList
from tests.registry.rows import registration_of

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[User], Actor]


def together(count: int, act: Callable[[int], object]) -> None:
    """Runs `act` in threads that start at once, each with a connection of its own."""
    barrier, failed = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            act(number)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_indexes_allocated_at_once_never_collide(alice: User, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    """Eight threads draw from sixteen indexes only: nearly every draw meets another's."""
    now = clock.now()
    registrations = [registration_of(alice, now=now) for _ in range(12)]
    monkeypatch.setattr(bits, "SIZE", 16)
    together(12, lambda number: services.allocate(registration_id=registrations[number].pk, now=now))
    entries = Entry.objects.all()
    assert len(entries) == 12
    assert len({(entry.list_id, entry.index) for entry in entries}) == 12
    assert StatusList.objects.filter(full=False).count() <= 1


def test_one_registration_allocated_at_once_has_one_entry(registration: Registration) -> None:
    found: list[int] = []
    together(6, lambda _number: found.append(services.allocate(registration_id=registration.pk, now=clock.now()).index))
    assert len(set(found)) == 1
    assert Entry.objects.count() == 1


def test_a_full_list_is_closed_and_the_next_one_opened(alice: User, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    monkeypatch.setattr(bits, "SIZE", 4)
    now = clock.now()
    entries = [services.allocate(registration_id=registration_of(alice, now=now).pk, now=now) for _ in range(6)]
    assert [len({entry.index for entry in entries if entry.list_id == row.pk}) for row in StatusList.objects.order_by("created_at")] == [
        4,
        2,
    ]
    assert list(StatusList.objects.order_by("created_at").values_list("full", flat=True)) == [True, False]


def test_an_index_is_not_derived_from_anything(alice: User, transactional_db: None) -> None:
    now = clock.now()
    indexes = [services.allocate(registration_id=registration_of(alice, now=now).pk, now=now).index for _ in range(8)]
    assert len(set(indexes)) == 8
    assert max(indexes) - min(indexes) > 1000  # eight neighbours out of a million: (1/1000)^7


def test_an_index_is_never_used_again(registration: Registration) -> None:
    entry = services.allocate(registration_id=registration.pk, now=clock.now())
    with pytest.raises(ProtectedError):
        registration.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(list=entry.list, index=entry.index, registration=registration, derived_at=clock.now())
