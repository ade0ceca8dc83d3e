"""What is looked at before anything starts."""

import socket
from pathlib import Path

import pytest

import manage
from portal.embedded import doors
from portal.embedded.catalogues import compile_all
from portal.embedded.faults import StackError


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StackError, match=f"Port {port} is taken"):
            doors.site_port(port)
        with pytest.raises(StackError, match=f"Port {port} is taken"):
            doors.gate_port(port, site=1)


def test_port_zero_finds_a_free_one() -> None:
    assert doors.is_free(doors.site_port(0))


def test_the_gate_takes_the_next_free_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as site:
        port = site.getsockname()[1]
        assert doors.gate_port(None, port) > port


def test_the_gate_cannot_have_the_sites_port() -> None:
    with pytest.raises(StackError):
        doors.gate_port(8000, site=8000)


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StackError, match="Cannot write to"):
        doors.open_folder(tmp_path / "data")


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "ROOM_NEEDED", 1 << 60)
    with pytest.raises(StackError, match="MB are free"):
        doors.open_folder(tmp_path)


def test_a_second_stack_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with doors.claim(tmp_path), pytest.raises(StackError, match="already running"):
        doors.claim(tmp_path)
    doors.claim(tmp_path).release()


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["migrate"], True),
        (["shell"], True),
        (["check", "--database", "default"], True),
        (["check"], False),
        (["makemessages", "--all"], False),
        (["migrate", "--help"], False),
        ([], False),
    ],
)
def test_only_commands_that_need_a_database_start_one(monkeypatch: pytest.MonkeyPatch, words: list[str], needed: bool) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert manage.needs_database(words) is needed


def test_a_database_url_replaces_the_embedded_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/registry")
    assert not manage.needs_database(["migrate"])


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path: Path) -> None:
    source = tmp_path / "xx" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "yes"\nmsgstr "是"\n')
    assert [compile_all(tmp_path), compile_all(tmp_path)] == [1, 0]
    assert "是".encode() in source.with_suffix(".mo").read_bytes()
