"""How a process keeps its own nursery and has children forked there: `begun` gives one, with the line that tells how it goes."""

import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
HEADER = 256  # bytes of a request: module, argument, memory and processor time, filled up with spaces
BEGUN = b"+"  # the first byte on a child's line; then comes its exit code, when it has ended
TRIES = 2  # a nursery may have ended because nobody asked it for anything
_KEPT = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # whoever forks should have no second


class Closed(Exception):
    """The nursery could not be started, or has ended before the child did."""


@dataclass
class Begun:
    """A child that runs: the upload goes in, answer and complaint come out."""

    line: socket.socket
    upload: IO[bytes]
    answer: IO[bytes]
    complaint: IO[bytes]
    told: bytes = b""

    def end(self) -> None:
        """Hangs up: a child that still runs is killed. Does nothing once it has ended."""
        with suppress(OSError):  # the nursery may have hung up
            self.line.shutdown(socket.SHUT_WR)

    def ended(self) -> int:
        """Returns the exit code, once the child has ended; below 0 the signal that killed it. Raises Closed."""
        while said := self.line.recv(HEADER):
            self.told += said
        if not self.told:
            raise Closed("the nursery has ended")
        return int(self.told)


@dataclass(eq=False)
class _Nursery:
    process: "subprocess.Popen[bytes]"
    door: socket.socket

    def close(self) -> None:
        self.door.close()
        self.process.wait()


_kept: list[_Nursery] = []  # one, or none
_lock = Lock()


@contextmanager
def begun(request: str, patience: float) -> Iterator[Begun]:
    """Yields the child that the nursery forks for a request, after at most so many seconds. Raises Closed, or ValueError if it is long."""
    header = request.encode().ljust(HEADER)
    if len(header) > HEADER:
        raise ValueError("a request has at most 256 bytes")
    with ExitStack() as stack:
        for _try in range(TRIES):
            nursery = _nearest()
            if (child := _forked(nursery, header, patience, stack)) is not None:
                yield child
                return
            _dismiss(nursery)
        raise Closed("the nursery does not answer")


def _forked(nursery: _Nursery, header: bytes, patience: float, stack: ExitStack) -> Begun | None:
    line, told = socket.socketpair()
    stack.callback(line.close)
    line.settimeout(patience)
    (reads, upload), (answer, writes), (complaint, complains) = (os.pipe() for _each in range(3))
    child = Begun(line, os.fdopen(upload, "wb"), os.fdopen(answer, "rb"), os.fdopen(complaint, "rb"))
    for end in (child.upload, child.answer, child.complaint):
        stack.callback(_close, end)
    try:
        socket.send_fds(nursery.door, [header], [told.fileno(), reads, writes, complains])
        told.close()
        began = line.recv(1) == BEGUN
    except OSError:
        return None
    finally:
        told.close()
        for each in (reads, writes, complains):
            os.close(each)
    line.settimeout(None)
    return child if began else None


def _close(end: IO[bytes]) -> None:
    with suppress(BrokenPipeError):  # what the child did not read
        end.close()


def _nearest() -> _Nursery:
    """Returns this process's nursery, which is started if there is none. Raises Closed."""
    with _lock:
        if not _kept:
            _kept.append(_started())
        return _kept[0]


def _started() -> _Nursery:
    ours, its = socket.socketpair()
    command = [sys.executable, "-s", "-W", "ignore", "-m", "verification.engines.nursery", str(its.fileno())]
    env = {name: os.environ[name] for name in _KEPT if name in os.environ} | _ONE_THREAD
    try:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, pass_fds=[its.fileno()])  # noqa: S603
    except OSError as error:
        ours.close()
        raise Closed(str(error)) from error
    finally:
        its.close()
    return _Nursery(process, ours)


def _dismiss(nursery: _Nursery) -> None:
    with _lock:
        if nursery in _kept:
            _kept.remove(nursery)
            nursery.close()


def _dismiss_all() -> None:
    for nursery in [*_kept]:
        _dismiss(nursery)


def _forget() -> None:
    """A fork of this process has no nursery: that one's line belongs to its parent."""
    global _lock
    _lock = Lock()
    while _kept:
        old = _kept.pop()
        old.door.close()
        old.process.returncode = 0


atexit.register(_dismiss_all)
os.register_at_fork(after_in_child=_forget)
