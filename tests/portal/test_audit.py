"""The trail: written with the change, never altered, and able to prove it."""

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from portal.access.actor import SYSTEM
from portal.accounts.models import User
from portal.audit import queries
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.audit.services import record


def write(user: User, now: datetime, times: int = 3) -> list[Entry]:
    """Returns new entries about the account."""
    return [record(Event.ROLE_GRANTED, actor=SYSTEM, subject=user, now=now + timedelta(seconds=n), role="officer") for n in range(times)]


def test_entries_of_a_subject_are_chained_in_sequence(alice: User, eve: User, now: datetime) -> None:
    entries = write(alice, now)
    write(eve, now, 1)
    assert [entry.sequence for entry in entries] == [1, 2, 3]
    assert entries[1].previous == entries[0].digest
    assert list(queries.broken()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET event='role.taken'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "SET session_replication_role = replica; DELETE FROM audit_entry",
    ],
)
def test_the_database_refuses_to_change_the_trail(sql: str, alice: User, now: datetime) -> None:
    write(alice, now)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Entry.objects.count() == 3


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("UPDATE audit_entry SET actor_kind='user' WHERE sequence=2", "altered"),
        ("DELETE FROM audit_entry WHERE sequence=2", "entry missing before"),
    ],
)
def test_somebody_with_the_tables_owner_rights_is_found_out(damage: str, fault: str, alice: User, now: datetime) -> None:
    write(alice, now)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_keeps_rows")
        cursor.execute(damage)
        cursor.execute("ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_keeps_rows")
    assert [found for _entry, found in queries.broken()] == [fault]
    with pytest.raises(CommandError, match=fault):
        call_command("verify_trail")


def test_a_whole_trail_verifies(alice: User, now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    write(alice, now)
    call_command("verify_trail")
    assert "3 entries" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_no_receipt_without_the_transaction_of_its_change(alice: User, now: datetime) -> None:
    with pytest.raises(RuntimeError):
        write(alice, now)
