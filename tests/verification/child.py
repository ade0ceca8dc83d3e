"""A child that misbehaves on request, for the tests of the sandbox: `python -m tests.verification.child`."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from verification.engines import sandbox


def work(wish: str, upload: bytes) -> bytes:
    """Returns what was asked for, if that is allowed."""
    return WISHES[wish](upload)


def spin(_upload: bytes) -> bytes:
    """Uses the processor for ever."""
    while True:
        pass


def hang(_upload: bytes) -> bytes:
    """Waits for ever."""
    time.sleep(3600)
    return b""


def eat(_upload: bytes) -> bytes:
    """Takes more memory than there is."""
    return bytes(8 * 1024**3)


def crash(_upload: bytes) -> bytes:
    """Dies as a decoder with a bug would."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def fail(_upload: bytes) -> bytes:
    """Raises what nobody expects."""
    raise RuntimeError("a complaint")


def flood(_upload: bytes) -> bytes:
    """Answers without end."""
    while True:
        sys.stdout.buffer.write(bytes(1024 * 1024))


def start() -> None:
    """Starts another program."""
    if os.system("true"):  # noqa: S605
        raise OSError


def reach_out(upload: bytes) -> bytes:
    """Tries what a picture that took over the child would try; returns what worked."""
    tries: dict[str, Callable[[], object]] = {
        "read": lambda: Path("/etc/passwd").read_bytes(),
        "write": lambda: Path(upload.decode(), "left").write_bytes(b"x"),
        "connect": lambda: socket.socket(),
        "start": start,
    }
    worked = []
    for name, attempt in tries.items():
        try:
            attempt()
            worked.append(name)
        except OSError:
            continue
    return " ".join(worked).encode()


def surroundings(_upload: bytes) -> bytes:
    """Returns what the child can see of its caller."""
    loaded = {"django", "psycopg", "portal"} & set(sys.modules)
    return repr((sorted(os.environ), sorted(loaded))).encode()


def held(_upload: bytes) -> bytes:
    """Returns the numbers of the descriptors that are open."""
    return repr([number for number in range(4096) if _open(number)]).encode()


def _open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def kill_the_nursery(upload: bytes) -> bytes:
    """Kills the process that it was forked from."""
    os.kill(os.getppid(), signal.SIGKILL)
    return upload


WISHES: dict[str, Callable[[bytes], bytes]] = {
    "echo": lambda upload: upload,
    "spin": spin,
    "hang": hang,
    "eat": eat,
    "crash": crash,
    "fail": fail,
    "flood": flood,
    "reach out": reach_out,
    "surroundings": surroundings,
    "held": held,
    "kill the nursery": kill_the_nursery,
}

if __name__ == "__main__":
    sandbox.serve(work)
