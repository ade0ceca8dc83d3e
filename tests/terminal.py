"""A newcomer's terminal: commands and programs as the developers' guide shows them are run in it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

WITHIN = 30.0  # seconds


@dataclass
class Terminal:
    """A folder, what was exported, and Python with the libraries that the guide names."""

    folder: Path
    exported: dict[str, str] = field(default_factory=dict)

    @property
    def _environment(self) -> dict[str, str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(self.folder), "PYTHONUNBUFFERED": "1", "NO_PROXY": "*", **self.exported}

    def shell(self, text: str) -> tuple[int, str]:
        """Returns exit code and output of commands, stopped at the first that fails."""
        return self._run("bash", "-e", "-c", text)

    def python(self, text: str, *words: str) -> tuple[int, str]:
        """Returns exit code and output of a program."""
        return self._run("python", "-c", text, *words)

    def _run(self, *command: str) -> tuple[int, str]:
        done = subprocess.run(command, cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    @contextmanager
    def serving(self, port: int, *command: str) -> Iterator[subprocess.Popen[str]]:
        """Yields a server once it listens on the port."""
        exported = {**self._environment, "PORT": str(port)}
        server = subprocess.Popen(command, cwd=self.folder, env=exported, stdout=subprocess.PIPE, text=True)
        try:
            wait(lambda: listens(port))
            yield server
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=10)


def wait(done: Callable[[], bool]) -> None:
    """Waits until it is so."""
    deadline = time.monotonic() + WITHIN
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def free_port() -> int:
    """Returns a port that nobody uses."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def listens(port: int) -> bool:
    """Returns whether somebody listens there."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
