"""The purge: row by row, started again wherever it was stopped, with a receipt and a report."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection

from portal.access.actor import ANONYMOUS, CONSOLE, SYSTEM
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.keeping import clocks, faces, purging, tasks
from portal.keeping.models import PurgeRun
from portal.keeping.purging import Line, Report
from portal.kit import jobs
from portal.kit.errors import Forbidden, Unauthenticated
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from tests.portal.rows import case_of
from verification.models import Case

LONG = timedelta(days=31)


def pictured(user: User, now: datetime, count: int = 1) -> list[SealedFile]:
    """Returns the pictures of as many rejected cases, their time over."""
    kept = [files.store(b"picture", media_type="image/jpeg", kind=Retention.PICTURE) for _ in range(count)]
    for file in kept:
        case_of(user, state="rejected", decided_at=now - LONG, document_image=file)
    return kept


def line(report: Report, name: str = "pictures") -> Line:
    """Returns one line of a report."""
    [found] = [each for each in report.lines if each.name == name]
    return found


def test_what_is_due_goes_with_its_key_and_its_bytes_and_leaves_a_receipt(alice: User, now: datetime) -> None:
    [file] = pictured(alice, now)
    report = purging.purge(actor=SYSTEM, now=now)
    assert line(report) == Line("pictures", due=1, oldest=now - timedelta(days=1), erased=1)
    file.data_key.refresh_from_db()
    assert (file.data_key.wrapped, file.data_key.destroyed_at) == (None, now)
    assert not storages["vault"].exists(file.path)
    entry = Entry.objects.get(event=Event.RETENTION_ERASED)
    assert (entry.subject_id, entry.data) == (Case.objects.get().pk, {"kind": "pictures", "files": 1})


def test_a_dry_run_counts_the_same_and_changes_nothing(alice: User, now: datetime) -> None:
    [file] = pictured(alice, now)
    report = purging.count(actor=SYSTEM, now=now)
    assert line(report) == Line("pictures", due=1, oldest=now - timedelta(days=1))
    assert report.dry_run
    assert SealedFile.objects.get(pk=file.pk).read() == b"picture"
    assert not Entry.objects.exists()
    assert not PurgeRun.objects.exists()


def test_the_report_is_stored_and_read_again(alice: User, now: datetime) -> None:
    pictured(alice, now)
    report = purging.purge(actor=SYSTEM, now=now)
    run = purging.upkeep(now).last
    assert run is not None
    assert run.report == json.loads(json.dumps(report.as_dict()))
    assert run.report["erased"] == 1


def test_batches_end_only_when_nothing_is_left(alice: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    pictured(alice, now, 5)
    assert line(purging.purge(actor=SYSTEM, now=now)).erased == 5


def test_one_row_that_fails_keeps_no_other_back_and_is_tried_again(alice: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = pictured(alice, now, 4)
    monkeypatch.setattr(purging, "BATCH", 1)
    bad, erase = sorted(Case.objects.values_list("pk", flat=True))[1], files.erase
    of_bad = Case.objects.get(pk=bad).document_image

    def failing(key: object, *, now: datetime) -> None:
        if key == (of_bad and of_bad.data_key):
            raise OSError("the disk")
        erase(key, now=now)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(files, "erase", failing)
        report = purging.purge(actor=SYSTEM, now=now)
    assert (line(report).erased, line(report).failed) == (3, 1)
    assert Case.objects.get(pk=bad).document_image == of_bad  # all or nothing
    assert line(purging.purge(actor=SYSTEM, now=now)).erased == 1
    assert not [file for file in kept if storages["vault"].exists(file.path)]


def test_bytes_that_could_not_be_deleted_are_found_the_next_time(alice: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    [file] = pictured(alice, now)

    def broken(file: SealedFile) -> None:
        raise OSError("the storage is away")

    with monkeypatch.context() as patched:
        patched.setattr(files, "drop", broken)
        assert purging.purge(actor=SYSTEM, now=now).failed > 0
    assert storages["vault"].exists(file.path)
    report = purging.purge(actor=SYSTEM, now=now)
    assert line(report, "files_of_erased_rows").erased == 1
    assert not storages["vault"].exists(file.path)


KILLED = """
import django, os, signal
django.setup()
from datetime import datetime
from portal.access.actor import SYSTEM
from portal.keeping import purging
from portal.vault import files
dropped = files.drop
def die(file):
    if done: os.kill(os.getpid(), signal.SIGKILL)
    done.append(file)
    dropped(file)
done = []
files.drop = die
purging.purge(actor=SYSTEM, now=datetime.fromisoformat({now!r}))
"""


@pytest.mark.django_db(transaction=True)
def test_a_purge_that_is_killed_is_finished_by_the_next(alice: User, now: datetime, tmp_path: Path) -> None:
    kept = pictured(alice, now, 4)
    env = os.environ | {"DATA_DIR": str(tmp_path), "DATABASE_URL": _database()}
    done = subprocess.run([sys.executable, "-c", KILLED.format(now=now.isoformat())], env=env, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert PurgeRun.objects.get().finished_at is None
    assert Case.objects.filter(document_image__isnull=False).count() == 2  # two were committed, one of them with its bytes
    assert sum(storages["vault"].exists(file.path) for file in kept) == 3
    report = _purged_once_the_killed_is_gone(now)
    assert (line(report).erased, line(report, "files_of_erased_rows").erased, report.failed) == (2, 1, 0)
    assert not [file for file in kept if storages["vault"].exists(file.path)]


def _purged_once_the_killed_is_gone(now: datetime) -> Report:
    """The server frees a dead process's claim as soon as it notices the death, which is a moment later."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return purging.purge(actor=SYSTEM, now=now)
        except purging.PurgeRuns:
            assert time.monotonic() < deadline, "the claim of the killed process stands"
            time.sleep(0.1)


def _database() -> str:
    """The address of the tests' database, on the server that was started for them."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def test_two_purges_do_not_run_beside_each_other(now: datetime, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "claim", lambda key: _taken())
    with pytest.raises(purging.PurgeRuns):
        purging.purge(actor=SYSTEM, now=now)
    with pytest.raises(CommandError, match="running already"):
        call_command("purge")


class _taken:
    def __enter__(self) -> bool:
        return False

    def __exit__(self, *_: object) -> None:
        pass


def test_it_is_due_a_day_after_the_last_and_an_hour_after_one_that_did_not_end(now: datetime, db: None) -> None:
    assert purging.is_due(now)
    PurgeRun.objects.create(started_at=now - timedelta(minutes=59))
    assert not purging.is_due(now)
    PurgeRun.objects.update(started_at=now - timedelta(hours=1))
    assert purging.is_due(now)
    PurgeRun.objects.create(started_at=now - timedelta(hours=23), finished_at=now)
    assert not purging.is_due(now)
    assert purging.is_due(now + timedelta(hours=1))
    assert purging.is_due(now + timedelta(days=9))  # the machine was off: what is due has only become more


def test_the_worker_purges_once_a_day(alice: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.kit.clock.now", lambda: now)
    pictured(alice, now)
    tasks.purge()
    tasks.purge()
    assert PurgeRun.objects.count() == 1


def test_only_the_machine_purges(alice: User, now: datetime) -> None:
    for actor, refusal in ((ANONYMOUS, Unauthenticated), (CONSOLE, Forbidden)):
        with pytest.raises(refusal):
            purging.purge(actor=actor, now=now)
        with pytest.raises(refusal):
            purging.count(actor=actor, now=now)


def test_the_command_prints_what_it_did(alice: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.kit.clock.now", lambda: now)
    pictured(alice, now, 2)
    lines = json.loads(_printed("purge", "--dry-run", "--json"))["lines"]
    assert [each["due"] for each in lines if each["name"] == "pictures"] == [2]
    words = _printed("purge")
    assert "pictures" in words
    assert "2026-03-01       2       0" in words
    assert "2 erased." in words
    assert json.loads(_printed("purge", "--json"))["erased"] == 0


def _printed(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_the_command_fails_where_something_is_kept_beyond_its_time(alice: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.kit.clock.now", lambda: now)
    pictured(alice, now)
    monkeypatch.setattr(files, "erase", lambda key, now: 1 / 0)
    with pytest.raises(CommandError, match="1 could not be erased"):
        call_command("purge", stdout=StringIO())


@pytest.fixture
def counted() -> Iterator[None]:
    """Leaves the rooms' counters as they were."""
    before = dict(faces._counters)
    yield
    faces._counters.clear()
    faces._counters.update(before)


@pytest.mark.usefixtures("counted")
def test_from_the_limit_on_the_store_is_filed(alice: User, now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    assert faces.FILING_FROM == 100_000
    pictured(alice, now, 2)  # one person's
    assert not faces.stored(limit=2).filing_due
    assert not caplog.records
    faces.declare("elsewhere", lambda: 1)
    assert faces.stored(limit=2).filing_due
    assert "2 faces are stored" in caplog.text
    assert "30 working days" in caplog.text


@pytest.mark.usefixtures("counted")
def test_the_report_says_that_the_store_is_to_be_filed(now: datetime, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.kit.clock.now", lambda: now)
    faces.declare("elsewhere", lambda: faces.FILING_FROM)
    report = purging.purge(actor=SYSTEM, now=now)
    assert (report.faces, report.filing_due) == (100_000, True)
    assert "within 30 working days" in _printed("purge", "--dry-run")


def test_every_class_of_what_is_sealed_has_a_clock() -> None:
    assert {clock.retention for clock in clocks.declared()} == set(Retention)
