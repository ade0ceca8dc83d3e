"""Who PostgreSQL runs as. It refuses to run as root, so root lends it an account that is already on the machine.

The package's own starter creates a user and opens every folder above the data to everybody, `/root` included.
We change no folder that is not ours: where the account cannot reach its files, it is lent one capability instead.
"""

import os
import pwd
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.faults import StackError
from portal.embedded.process import Capability, become, die_with_parent

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The account PostgreSQL's programs run as; `uid` is None if they run as the caller."""

    uid: int | None
    gid: int | None
    capability: Capability | None = None

    def own(self, folder: Path) -> None:
        """Gives `folder` to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def enter(self) -> None:
        """Turns the calling process into the account. To be called between fork and exec."""
        if self.uid is not None and self.gid is not None:
            become(self.uid, self.gid, self.capability)
        die_with_parent(signal.SIGINT)


def _identity(folder: Path) -> tuple[int, int]:
    owner = folder.stat()
    if owner.st_uid != 0:
        return owner.st_uid, owner.st_gid
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise StackError(f"PostgreSQL does not run as root, and there is no account {' or '.join(CANDIDATES)} here. Use a normal account.")


def _reaches(account: Account, program: Path, folder: Path) -> bool:
    def enter_and_look() -> None:
        account.enter()
        os.stat(folder / ".")

    return _runs([str(program), "--version"], enter_and_look)


def _runs(command: list[str], before: Callable[[], None]) -> bool:
    try:
        done = subprocess.run(command, preexec_fn=before, capture_output=True, check=False)  # noqa: S603 – our own commands
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def choose(folder: Path, program: Path) -> Account:
    """Returns the account that owns, or shall own, `folder` and can run `program`; raises StackError if there is none."""
    if os.geteuid() != 0:
        return Account(None, None)
    uid, gid = _identity(folder)
    for capability in (None, *Capability):
        account = Account(uid, gid, capability)
        account.own(folder)
        if _reaches(account, program, folder):
            return account
    raise StackError(f"PostgreSQL does not run as root, and no other account can reach {folder}. Choose another folder with --data.")
