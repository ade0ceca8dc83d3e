"""ffmpeg, for the few containers that only it can rewrite: a child with bounded time and memory, no network, no named file.

It copies the streams and decodes none. The input format is named, so that a playlist in disguise is not followed; files are handed
over as open descriptors without a name, so that nothing is left behind whatever happens.
"""

import logging
import shutil
import subprocess
import sys
import tempfile
from threading import BoundedSemaphore
from typing import IO

from registry.labels.containers.kinds import Kind
from registry.labels.containers.source import Damaged, Source

SECONDS = 60
_MEMORY, _LARGEST = 2 * 1024**3, 256 * 1024**2  # bytes: address space; the file it writes
_TOLD = 1000
# Limits are set by a Python that then becomes ffmpeg: `preexec_fn` is not safe in a process with threads.
_CONFINED = (
    "import os, resource as r, sys;"
    f"[r.setrlimit(*limit) for limit in ((r.RLIMIT_AS, ({_MEMORY},) * 2), (r.RLIMIT_CPU, ({SECONDS},) * 2),"
    f" (r.RLIMIT_FSIZE, ({_LARGEST},) * 2), (r.RLIMIT_CORE, (0, 0)))];"
    "os.execv(sys.argv[1], sys.argv[1:])"
)
_INPUT = {"mp4": "mov", "webm": "matroska"}
_turns = BoundedSemaphore(2)
_logger = logging.getLogger(__name__)


def available() -> bool:
    """Returns whether ffmpeg is on this machine."""
    return shutil.which("ffmpeg") is not None


def rewrite(file: IO[bytes], kind: Kind, label: str, out: IO[bytes]) -> None:
    """Writes the file with the label into `out`, which is open and empty. Raises Damaged if ffmpeg cannot make sense of it."""
    program = shutil.which("ffmpeg")
    if program is None or not kind.muxer:
        raise Damaged
    with tempfile.TemporaryFile() as given, _turns:
        source = Source(file)
        for block in source.copied([range(source.size)]):
            given.write(block)
        given.flush()
        _run(_command(program, kind, label, given.fileno(), out.fileno()), (given.fileno(), out.fileno()))


def _command(program: str, kind: Kind, label: str, given: int, out: int) -> list[str]:
    begin = [sys.executable, "-I", "-S", "-c", _CONFINED, program, "-nostdin", "-v", "error", "-y", "-threads", "1"]
    read = ["-protocol_whitelist", "file", "-f", _INPUT.get(kind.muxer, kind.muxer), "-i", f"file:/proc/self/fd/{given}"]
    copy = ["-map", "0", "-ignore_unknown", "-c", "copy", "-metadata", f"AIGC={label}"]
    # Without this flag MP4 and MOV lose the label, and ffmpeg says nothing and succeeds.
    keep = ["-movflags", "use_metadata_tags"] if kind.muxer in ("mp4", "mov") else []
    return [*begin, *read, *copy, *keep, "-f", kind.muxer, f"file:/proc/self/fd/{out}"]


def _run(command: list[str], descriptors: tuple[int, int]) -> None:
    try:
        done = subprocess.run(command, pass_fds=descriptors, env={}, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Damaged from error
    if done.returncode:
        _logger.info("ffmpeg ended with %s: %s", done.returncode, done.stderr[-_TOLD:].decode(errors="replace"))
        raise Damaged
