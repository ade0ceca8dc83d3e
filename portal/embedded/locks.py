"""File locks: the kernel drops them when their holder dies, so nothing here can go stale."""

import fcntl
import os
from pathlib import Path


class FileLock:
    """An advisory lock on one file, shared or exclusive, held until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def wait(self, *, shared: bool = False) -> "FileLock":
        """Returns itself once the lock is held."""
        fcntl.flock(self._fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        return self

    def attempt(self, *, shared: bool = False) -> bool:
        """Returns whether the lock could be taken at once."""
        try:
            fcntl.flock(self._fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Gives the lock back; a released lock is not used again."""
        os.close(self._fd)

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Returns whether some process holds an exclusive lock on `path`."""
    if not path.exists():
        return False
    with FileLock(path) as probe:
        return not probe.attempt(shared=True)
