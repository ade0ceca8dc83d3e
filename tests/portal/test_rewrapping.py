"""Key rotation: interrupted, resumed, raced, and with a master key missing."""

import threading
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.accounts.models import User
from portal.vault import cipher, files, rewrapping
from portal.vault.models import DataKey, Erased, Retention
from tests.portal.rows import case_of

NEW = "new-2:" + "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldyE="
pytestmark = pytest.mark.django_db


@pytest.fixture
def old(settings: object) -> list[str]:
    """The master keys before the rotation."""
    return list(settings.VAULT_MASTER_KEYS)  # type: ignore[attr-defined]


@pytest.fixture
def rotate(settings: object, old: list[str]) -> Iterator[object]:
    """Puts the new master key first."""

    def put() -> None:
        settings.VAULT_MASTER_KEYS = [NEW, *old]  # type: ignore[attr-defined]

    return iter([put])


@pytest.fixture
def keys(rotate: Iterator[object]) -> dict[DataKey, bytes]:
    """Seven data keys under the old master key, with their plain bytes; the new one now stands first."""
    drawn = {key: key.open() for key in (DataKey.draw(Retention.PICTURE) for _ in range(7))}
    next(rotate)()  # type: ignore[operator]
    return drawn


def opened() -> dict[DataKey, bytes]:
    """Returns what every key opens to."""
    return {key: key.open() for key in DataKey.objects.all()}


def printed(*arguments: str) -> str:
    """Returns what the command says."""
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue()


def test_every_key_opens_afterwards_without_the_old_master_key(keys: dict[DataKey, bytes], settings: object) -> None:
    said = printed()
    assert "test-1: 7 data keys" in said
    assert "7 wrapped anew, 0 left" in said
    assert "Every data key is wrapped by new-2. The other master keys can be removed." in said
    settings.VAULT_MASTER_KEYS = [NEW]  # type: ignore[attr-defined]
    assert opened() == keys


def test_a_dry_run_changes_nothing(keys: dict[DataKey, bytes]) -> None:
    assert "7 to be wrapped anew. Nothing was changed" in printed("--dry-run")
    assert rewrapping.behind().count() == 7


def test_sealed_rows_read_as_before(alice: User, rotate: Iterator[object]) -> None:
    case = case_of(alice, full_name="Alice Liddell")
    next(rotate)()  # type: ignore[operator]
    printed()
    assert type(case).objects.get().full_name == "Alice Liddell"


@pytest.mark.parametrize(("batch", "kept"), [(1, 4), (2, 4), (3, 3), (5, 0)])
def test_interrupted_anywhere_it_goes_on_after_the_last_batch(
    keys: dict[DataKey, bytes], monkeypatch: pytest.MonkeyPatch, batch: int, kept: int
) -> None:
    wrap, wraps = cipher.wrap, iter(range(4))

    def four(key: bytes, place: str) -> tuple[str, bytes]:
        if next(wraps, None) is None:
            raise KeyboardInterrupt
        return wrap(key, place)

    with monkeypatch.context() as patched:
        patched.setattr(cipher, "wrap", four)
        with pytest.raises(KeyboardInterrupt):
            list(rewrapping.rewrap(batch=batch))
    assert rewrapping.behind().count() == 7 - kept
    assert opened() == keys
    assert f"{7 - kept} wrapped anew, 0 left" in printed()
    assert opened() == keys


def test_an_unknown_master_key_is_refused_before_the_first_change(keys: dict[DataKey, bytes], settings: object) -> None:
    settings.VAULT_MASTER_KEYS = [NEW]  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match=r"lacks test-1 \(7 keys\)"):
        printed()
    assert not DataKey.objects.exclude(master="test-1").exists()


def test_a_destroyed_key_is_passed_over(keys: dict[DataKey, bytes], now: datetime) -> None:
    gone = next(iter(keys))
    files.erase(gone, now=now)
    assert "6 wrapped anew, 0 left" in printed()
    with pytest.raises(Erased):
        DataKey.objects.get(pk=gone.pk).open()


def test_a_key_erased_under_our_hands_does_not_come_back(keys: dict[DataKey, bytes], now: datetime) -> None:
    stale = next(iter(keys))
    files.erase(stale, now=now)
    assert rewrapping.move(stale) is False
    assert DataKey.objects.get(pk=stale.pk).wrapped is None


def test_a_second_run_beside_it_changes_nothing_twice(keys: dict[DataKey, bytes]) -> None:
    stale = next(iter(keys))
    assert rewrapping.move(DataKey.objects.get(pk=stale.pk)) is True
    wrapped = bytes(DataKey.objects.get(pk=stale.pk).wrapped or b"")
    assert rewrapping.move(stale) is False
    assert bytes(DataKey.objects.get(pk=stale.pk).wrapped or b"") == wrapped


def test_a_key_that_does_not_open_is_left_and_keeps_its_master_key(keys: dict[DataKey, bytes]) -> None:
    one, two, *_ = keys
    DataKey.objects.filter(pk=one.pk).update(wrapped=two.wrapped)
    with pytest.raises(CommandError, match="1 data keys do not open"):
        printed()
    assert list(rewrapping.behind()) == [one]


def test_what_is_written_is_opened_before(keys: dict[DataKey, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "wrap", lambda key, place: ("new-2", cipher.seal(b"x" * 32, key, f"{place}:new-2")))
    with pytest.raises(CommandError, match="7 data keys do not open"):
        printed()
    assert rewrapping.behind().count() == 7


@pytest.mark.django_db(transaction=True)
def test_two_runs_and_new_records_at_once_leave_everything_readable(keys: dict[DataKey, bytes]) -> None:
    drawn: list[tuple[DataKey, bytes]] = []

    def run() -> None:
        try:
            list(rewrapping.rewrap(batch=2))
        finally:
            connection.close()

    def write() -> None:
        try:
            drawn.extend((key, key.open()) for key in (DataKey.draw(Retention.PICTURE) for _ in range(10)))
        finally:
            connection.close()

    threads = [threading.Thread(target=each) for each in (run, run, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rewrapping.behind().count() == 0
    assert opened() == keys | dict(drawn)
