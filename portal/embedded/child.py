"""One process of the stack: started in a session of its own, logged to a file, restarted when it dies, stopped whole."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from portal.embedded.faults import last_line_of
from portal.embedded.process import die_with_parent

LOG_LIMIT = 5_000_000
PAUSE_AT_FIRST, PAUSE_AT_MOST = 0.5, 30.0
STEADY_AFTER = 60.0


def _end_with_the_stack() -> None:
    die_with_parent(signal.SIGTERM)


class Child:
    """A supervised process. It gets no key presses of the terminal: the stack decides who stops when."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], cwd: Path, log: Path) -> None:
        self.name, self.log = name, log
        self._command, self._env, self._cwd = command, env, cwd
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._not_before = 0.0
        self._pause = PAUSE_AT_FIRST
        self.deaths = 0

    def start(self) -> None:
        """Starts the process; its output is appended to the log."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 – our own commands
                self._command,
                env=self._env,
                cwd=self._cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_the_stack,
            )
        self._started = time.monotonic()

    def tend(self) -> str | None:
        """Restarts the process if it died and its pause is over. Returns a line about a death just seen, else None."""
        if self._process is None:
            if time.monotonic() >= self._not_before:
                self.start()
            return None
        code = self._process.poll()
        if code is None:
            return None
        self._sweep()
        self._process = None
        return self._note_death(code)

    def _note_death(self, code: int) -> str:
        steady = time.monotonic() - self._started > STEADY_AFTER
        self._pause = PAUSE_AT_FIRST if steady else min(self._pause * 2, PAUSE_AT_MOST)
        self._not_before = time.monotonic() + self._pause
        self.deaths = 1 if steady else self.deaths + 1
        how = (
            f"was killed by {signal.Signals(-code).name}"
            if code < 0
            else f"ended with code {code} ({last_line_of(self.log) or 'no output'})"
        )
        return f"{self.name} {how}; starting it again"

    def ask_to_stop(self) -> None:
        """Asks the process to finish what it does and end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def has_stopped(self) -> bool:
        """Returns whether the process has ended."""
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """Ends the process and whatever it started, now."""
        self._sweep()
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _sweep(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
