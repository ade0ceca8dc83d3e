"""`manage.py up` as a person meets it: one command up, one Ctrl-C down, nothing left."""

import json
import re
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from tests.stack import Terminal, start

pytestmark = pytest.mark.stack


def all_gone(family: list[psutil.Process], within: float) -> bool:
    return not psutil.wait_procs(family, timeout=within)[1]


def stop(terminal: Terminal, with_signal: int) -> None:
    family = terminal.family()
    assert len(family) >= 7  # web, gate, worker and theirs, PostgreSQL and its keeper
    terminal.process.send_signal(with_signal)
    rest, _ = terminal.process.communicate(timeout=20)
    assert terminal.process.returncode == 0, terminal.output + rest
    assert "Traceback" not in terminal.output + rest
    assert all_gone(family, within=5)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="registry-up-") as name:
        yield Path(name)


def test_one_command_starts_everything_and_ctrl_c_stops_it(folder: Path) -> None:
    terminal = start(folder, "--port", "0")
    site = terminal.read_until(r"^  site +(http\S+)")
    terminal.read_until(r"^  gate +(http\S+)")
    with urlopen(f"{site}/healthz/") as answer:  # noqa: S310 – our own server
        assert json.load(answer)["status"] == "ok"
    again = start(folder, "--port", "0")
    assert re.fullmatch(r"error: A stack is already running on .*\n", again.process.communicate(timeout=20)[0])
    assert again.process.returncode == 1

    worker = next(child for child in terminal.family() if "--beat" in child.cmdline())
    worker.kill()
    terminal.read_until(r"worker was killed by SIGKILL; starting it again")
    time.sleep(2)
    stop(terminal, signal.SIGINT)

    second = start(folder, "--port", "0")
    second.read_until(r"^Ready after")
    family = second.family()
    second.process.kill()
    second.process.communicate()
    assert all_gone(family, within=20)


def test_a_taken_port_ends_in_one_line(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        terminal = start(folder, "--port", str(port))
        output = terminal.process.communicate(timeout=20)[0]
    assert output.startswith(f"error: Port {port} is taken.")
    assert output.count("\n") == 1
    assert terminal.process.returncode == 1
