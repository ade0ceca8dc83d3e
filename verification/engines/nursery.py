"""The process that children are forked from: `python -m verification.engines.nursery`, started by `sandbox`, one for each caller.

It has imported what children need, so that a child begins in a hundredth of a second instead of a fifth. It never sees an
upload: the pipes go to the child, so that a child finds nothing of others in its memory. It has one thread, as whoever
forks should, no secrets in its surroundings, and ends when its caller does.
"""

import os
import runpy
import selectors
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from verification.engines import darkroom, lightbox, projector
from verification.engines.nurseries import BEGUN, HEADER

LINES = 4  # descriptors of a request: the line that tells how it goes, and the child's three ends
IDLE = 60.0  # seconds after which a nursery that nobody asks for anything ends

_READY_MADE = (darkroom, lightbox, projector)


@dataclass
class Nursery:
    """Forks a child for each request, tells how it ended, and kills it when the caller hangs up."""

    door: socket.socket

    def __post_init__(self) -> None:
        self.children: dict[int, socket.socket] = {}
        self.watch = selectors.DefaultSelector()
        self.watch.register(self.door, selectors.EVENT_READ)
        self.bell = socket.socketpair()
        for end in self.bell:
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self.bell[1].fileno())
        self.watch.register(self.bell[0], selectors.EVENT_READ)

    def keep(self) -> None:
        """Serves until the caller is gone, or asks for nothing."""
        try:
            self._serve()
        finally:
            for child in self.children:
                os.kill(child, signal.SIGKILL)

    def _serve(self) -> None:
        while ready := self.watch.select(None if self.children else IDLE):
            for key, _events in ready:
                if key.fileobj is self.door and not self._take():
                    return
                if key.fileobj is self.bell[0]:
                    self.bell[0].recv(HEADER)
                    self._bury()
                if isinstance(key.data, int) and key.data in self.children:
                    os.kill(key.data, signal.SIGKILL)  # not yet waited for: the number is still this child's
                    self.watch.unregister(key.fileobj)

    def _take(self) -> bool:
        header, lines, _flags, _address = socket.recv_fds(self.door, HEADER, LINES)
        if len(header) < HEADER or len(lines) < LINES:
            return False
        told = socket.socket(fileno=lines[0])
        child = os.fork()
        if not child:
            _live(header.decode().split("\n"), lines[1:])
        for line in lines[1:]:
            os.close(line)
        self.children[child] = told
        self.watch.register(told, selectors.EVENT_READ, child)
        _tell(told, BEGUN)
        return True

    def _bury(self) -> None:
        for child in list(self.children):
            ended, status = os.waitpid(child, os.WNOHANG)
            if not ended:
                continue
            told = self.children.pop(child)
            if told.fileno() in self.watch.get_map():
                self.watch.unregister(told)
            _tell(told, str(os.waitstatus_to_exitcode(status)).encode())
            told.close()


def _tell(line: socket.socket, what: bytes) -> None:
    with suppress(OSError):  # the caller may have hung up
        line.send(what)


def _live(words: list[str], ends: list[int]) -> NoReturn:
    """Turns this fork into the child: its three ends and nothing else of what was open, then the module as a program."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, end in enumerate(ends):
            os.dup2(end, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        sys.argv = words[:4]
        runpy.run_module(words[0], run_name="__main__", alter_sys=False)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides
    Nursery(socket.socket(fileno=int(sys.argv[1]))).keep()
