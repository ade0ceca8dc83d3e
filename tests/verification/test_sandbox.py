"""The child that decodes: whatever an upload makes it do, it ends, and its caller does not notice more than an answer or an error."""

import logging
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore

import psutil
import pytest

from verification.engines import sandbox

CHILD = "tests.verification.child"
SHORT = sandbox.Limits(processor=1, clock=5.0)


def no_child_is_left() -> bool:
    """Returns whether the nursery is there, and none of the children it forked."""
    [nursery] = nurseries_of(psutil.Process())
    return not nursery.children()


def nurseries_of(process: psutil.Process) -> list[psutil.Process]:
    """Returns the nurseries that a process keeps."""
    return [each for each in process.children() if "verification.engines.nursery" in each.cmdline()]


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


def test_a_child_holds_nothing_but_its_three_ends() -> None:
    with ThreadPoolExecutor(2) as pool:
        beside = pool.submit(sandbox.ask, CHILD, "hang", b"x", sandbox.Limits(clock=2.0))
        time.sleep(0.5)
        assert sandbox.ask(CHILD, "held", b"") == b"[0, 1, 2]"
        assert isinstance(beside.exception(), sandbox.Exceeded)


def test_a_nursery_that_was_killed_is_replaced() -> None:
    sandbox.ask(CHILD, "echo", b"x")
    [first] = nurseries_of(psutil.Process())
    first.kill()
    assert sandbox.ask(CHILD, "echo", b"y") == b"y"
    [second] = nurseries_of(psutil.Process())
    assert second.pid != first.pid


def test_a_child_that_kills_its_nursery_gets_no_answer_through() -> None:
    with pytest.raises(sandbox.NotStarted):
        sandbox.ask(CHILD, "kill the nursery", b"x")
    assert sandbox.ask(CHILD, "echo", b"y") == b"y"


def test_a_nursery_ends_with_its_caller_and_so_does_the_child() -> None:
    code = f"from verification.engines import sandbox; print(flush=True); sandbox.ask({CHILD!r}, 'hang', b'x')"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=sandbox.ROOT) as caller:
        assert caller.stdout is not None
        caller.stdout.readline()
        deadline = time.monotonic() + 20
        while not (family := [child for each in nurseries_of(psutil.Process(caller.pid)) for child in each.children()]):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        family += nurseries_of(psutil.Process(caller.pid))
        caller.kill()
        assert psutil.wait_procs(family, timeout=10)[1] == []


def test_it_works_in_a_worker_that_may_have_no_children() -> None:
    ask = f"print(sandbox.ask({CHILD!r}, 'echo', b'from a daemon').decode(), flush=True)"
    code = f"""
import billiard
from verification.engines import sandbox
def work():
    {ask}
if __name__ == "__main__":
    sandbox.ask({CHILD!r}, "echo", b"the parent has a nursery, which is not the worker's")
    worker = billiard.Process(target=work)
    worker.daemon = True
    worker.start()
    worker.join()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=sandbox.ROOT)
    assert done.stdout.strip() == "from a daemon", done.stderr
