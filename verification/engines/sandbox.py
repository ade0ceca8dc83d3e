"""A short-lived child process for what strangers send: little memory, little time, no files, no network, no secrets.

`ask` belongs to the caller, `serve` to the child. The upload goes in by one pipe and the answer comes back by another; a child that
hangs, eats memory or crashes takes nobody with it. Each upload has a child of its own, forked from the caller's `nursery`:
multiprocessing is not allowed in Celery's daemonic workers, and a plain process spends its time on imports.
"""

import logging
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore, Timer
from typing import NoReturn

from verification.engines import nurseries
from verification.engines.nurseries import ROOT

__all__ = ["LIMITS", "MOST", "ROOT", "Crashed", "Exceeded", "Limits", "NotStarted", "SandboxError", "ask", "serve"]

MOST = 16 * 1024 * 1024  # bytes of an answer: 2400 x 2400 pixels of noise are 5 MB as JPEG
READY = b"\x06"  # the first byte of every answer, sent before the upload is read
TOLD = 4000  # bytes of a child's complaint that go to the log
SPENT = 70  # exit code of a child that ran out of memory and could still say so
_EXCEEDED = (SPENT, -signal.SIGKILL, -signal.SIGXCPU)

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
    except nurseries.Closed as error:
        _logger.error("No child could be started: %s", error)
        raise NotStarted from error
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
    with nurseries.begun(f"{module}\n{argument}\n{limits.memory}\n{limits.processor}\n", limits.clock) as child:
        watch = Timer(limits.clock, child.end)
        watch.start()
        try:
            answer = _exchanged(child, upload)
        finally:
            watch.cancel()
            child.end()
        code, said = child.ended(), child.complaint.read(TOLD)
    return _judged(answer, code, said)


def _exchanged(child: nurseries.Begun, upload: bytes) -> bytes:
    """Returns what the child wrote, once it has read everything and ended."""
    try:
        child.upload.write(upload)
        child.upload.close()
    except BrokenPipeError:
        pass  # it ended before it had read all; its exit code says why
    answer = child.answer.read(MOST + 2)
    if len(answer) <= MOST + 1:
        child.ended()
    return answer


def _judged(answer: bytes, code: int, said: bytes) -> bytes:
    if not answer.startswith(READY):
        _logger.error("A child did not start, exit code %d: %s", code, said.decode(errors="replace"))
        raise NotStarted
    if code == 0 and len(answer) <= MOST + 1:
        return answer[1:]
    _logger.warning("A child was ended by an upload, exit code %d: %s", code, said.decode(errors="replace"))
    raise Exceeded if code in _EXCEEDED else Crashed
