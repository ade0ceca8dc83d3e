"""The child that decodes: whatever an upload makes it do, it ends, and its caller does not notice more than an answer or an error."""

import logging
import resource
import subprocess
import sys
import time
from pathlib import Path
from threading import BoundedSemaphore

import psutil
import pytest

from verification.engines import sandbox

CHILD = "tests.verification.child"
SHORT = sandbox.Limits(processor=1, clock=5.0)


def no_child_is_left() -> bool:
    """Returns whether none of the children we started is still there."""
    return not [each for each in psutil.Process().children() if CHILD in " ".join(each.cmdline())]


def test_what_goes_in_comes_out() -> None:
    upload = bytes(range(256)) * 40_000
    assert sandbox.ask(CHILD, "echo", upload) == upload
    assert sandbox.ask(CHILD, "echo", b"") == b""


@pytest.mark.parametrize(("wish", "error"), [("spin", sandbox.Exceeded), ("eat", sandbox.Exceeded), ("crash", sandbox.Crashed)])
def test_a_child_that_misbehaves_is_ended(wish: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        sandbox.ask(CHILD, wish, b"x", SHORT)
    assert no_child_is_left()


def test_a_child_that_hangs_is_killed_by_the_clock() -> None:
    began = time.monotonic()
    with pytest.raises(sandbox.Exceeded):
        sandbox.ask(CHILD, "hang", b"x", sandbox.Limits(clock=2.5))
    assert time.monotonic() - began < 10
    assert no_child_is_left()


def test_a_child_that_fails_says_why_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(sandbox.Crashed):
        sandbox.ask(CHILD, "fail", b"x")
    assert "a complaint" in caplog.text


def test_an_answer_without_end_fills_nobodys_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(sandbox.Exceeded):
        sandbox.ask(CHILD, "flood", b"x")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # kB; the answer may have 16 MB
    assert no_child_is_left()


def test_a_child_reads_writes_starts_and_reaches_nothing(tmp_path: Path) -> None:
    assert sandbox.ask(CHILD, "reach out", str(tmp_path).encode()) == b""
    assert list(tmp_path.iterdir()) == []


def test_a_child_knows_no_secret_and_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_MASTER_KEYS", "secret")
    seen = sandbox.ask(CHILD, "surroundings", b"").decode()
    for word in ("VAULT", "DATABASE", "SECRET", "django", "psycopg", "portal"):
        assert word not in seen


@pytest.mark.parametrize("module", ["tests.verification.nobody", "tests.verification.test_sandbox"])
def test_a_child_that_never_begins_is_not_the_uploads_fault(module: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(sandbox.NotStarted):
        sandbox.ask(module, "echo", bytes(1_000_000))
    assert [record for record in caplog.records if record.levelno == logging.ERROR]


def test_too_many_at_once_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_turns", BoundedSemaphore(1))
    with sandbox._turns, pytest.raises(sandbox.NotStarted):
        sandbox.ask(CHILD, "echo", b"x", sandbox.Limits(clock=0.05))


def test_it_works_in_a_worker_that_may_have_no_children() -> None:
    ask = f"print(sandbox.ask({CHILD!r}, 'echo', b'from a daemon').decode(), flush=True)"
    code = f"""
import billiard
from verification.engines import sandbox
def work():
    {ask}
if __name__ == "__main__":
    worker = billiard.Process(target=work)
    worker.daemon = True
    worker.start()
    worker.join()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=sandbox.ROOT)
    assert done.stdout.strip() == "from a daemon", done.stderr
