"""A short-lived child process for what strangers send: little memory, little time, no files, no network, no secrets.

`ask` belongs to the caller, `serve` to the child. The upload goes in by one pipe and the answer comes back by another; a child that
hangs, eats memory or crashes takes nobody with it. A plain process is started for each upload: multiprocessing is not allowed in Celery's
daemonic workers. Processor time for a small picture, start
and end included: 0.08 s to clean it, 0.18 s to judge it too, with numpy and dlib.
"""

import logging
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parents[2]
MOST = 16 * 1024 * 1024  # bytes of an answer: 2400 x 2400 pixels of noise are 5 MB as JPEG
READY = b"\x06"  # the first byte of every answer, sent before the upload is read
TOLD = 4000  # bytes of a child's complaint that go to the log
SPENT = 70  # exit code of a child that ran out of memory and could still say so
_EXCEEDED = (SPENT, -signal.SIGKILL, -signal.SIGXCPU)
_KEPT = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # numpy loads in 0.09 s instead of 0.3 s

_turns = BoundedSemaphore(os.cpu_count() or 2)
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: address space in bytes, seconds of processor time, seconds by the clock."""

    memory: int = 1024 * 1024 * 1024  # 40 megapixels of WebP take 0.7 GB
    processor: int = 10
    clock: float = 20.0


LIMITS = Limits()


class SandboxError(Exception):
    """The child gave no answer."""


class NotStarted(SandboxError):
    """The child never began: the machine is overloaded, or the installation is broken. It is not the upload's fault."""


class Exceeded(SandboxError):
    """The child used more memory or time than it may."""


class Crashed(SandboxError):
    """The child died of the upload."""


def ask(module: str, argument: str, upload: bytes, limits: Limits = LIMITS) -> bytes:
    """Returns what the child `module` answers to the upload, at most 16 MB. Raises NotStarted, Exceeded or Crashed."""
    if not _turns.acquire(timeout=limits.clock):
        raise NotStarted
    try:
        return _asked(module, argument, upload, limits)
    finally:
        _turns.release()


def serve(work: Callable[[str, bytes], bytes]) -> NoReturn:
    """Answers the caller with `work(argument, upload)` and ends the process. To be called when everything is imported."""
    argument, memory, processor = sys.argv[1:]
    _confine(int(memory), int(processor))
    os.write(1, READY)
    try:
        answer = work(argument, sys.stdin.buffer.read())
    except MemoryError:
        os._exit(SPENT)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(0)


def _confine(memory: int, processor: int) -> None:
    """Takes from this process what it does not need: from here on it opens no file and no connection, and writes into pipes only."""
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _asked(module: str, argument: str, upload: bytes, limits: Limits) -> bytes:
    command = [sys.executable, "-s", "-W", "ignore", "-m", module, argument, str(limits.memory), str(limits.processor)]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    pipe = subprocess.PIPE
    try:
        child = subprocess.Popen(command, cwd=ROOT, env=kept | _ONE_THREAD, stdin=pipe, stdout=pipe, stderr=pipe)  # noqa: S603
    except OSError as error:
        _logger.error("No child could be started: %s", error)
        raise NotStarted from error
    watch = Timer(limits.clock, child.kill)
    watch.start()
    try:
        answer = _exchanged(child, upload)
    finally:
        watch.cancel()
        child.kill()
        child.wait()
        said = child.stderr.read(TOLD) if child.stderr else b""
        _close(child.stdin, child.stdout, child.stderr)
    return _judged(answer, child.returncode, said)


def _exchanged(child: "subprocess.Popen[bytes]", upload: bytes) -> bytes:
    """Returns what the child wrote, once it has read everything and ended."""
    if child.stdin is None or child.stdout is None:
        raise NotStarted
    try:
        child.stdin.write(upload)
        child.stdin.close()
    except BrokenPipeError:
        pass  # it ended before it had read all; its exit code says why
    answer = child.stdout.read(MOST + 2)
    if len(answer) <= MOST + 1:
        child.wait()
    return answer


def _judged(answer: bytes, code: int, said: bytes) -> bytes:
    if not answer.startswith(READY):
        _logger.error("A child did not start, exit code %d: %s", code, said.decode(errors="replace"))
        raise NotStarted
    if code == 0 and len(answer) <= MOST + 1:
        return answer[1:]
    _logger.warning("A child was ended by an upload, exit code %d: %s", code, said.decode(errors="replace"))
    raise Exceeded if code in _EXCEEDED else Crashed


def _close(*ends: IO[bytes] | None) -> None:
    for end in ends:
        if end is not None:
            try:
                end.close()
            except BrokenPipeError:
                continue
