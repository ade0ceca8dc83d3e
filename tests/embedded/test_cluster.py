"""The embedded PostgreSQL: shared by its users, gone with the last, started again after any end."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portal.embedded import cluster
from portal.embedded.cluster import Cluster
from portal.embedded.faults import StackError
from portal.embedded.locks import is_held

pytestmark = pytest.mark.stack  # starts servers of its own

USE_AND_WAIT = """
import sys, time
from pathlib import Path
from portal.embedded import cluster
print(cluster.hold(Path(sys.argv[1])).cluster.url, flush=True)
time.sleep(60)
"""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="registry-cluster-") as folder:
        os.chmod(folder, 0o711)  # noqa: S103 – passable, as the stack makes it
        yield Path(folder)


def answer(url: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_database()").fetchone()
    return row[0] if row else None


def stopped(data_dir: Path, within: float = 20.0) -> bool:
    deadline = time.monotonic() + within
    while is_held(Cluster(data_dir).lock("keeper")) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not (data_dir / "postgres" / "postmaster.pid").exists()


def test_the_last_user_to_leave_stops_the_server(data_dir: Path) -> None:
    first, second = cluster.hold(data_dir), cluster.hold(data_dir)
    assert first.release() is False
    assert answer(second.cluster.url) == "registry"
    assert second.release() is True
    assert stopped(data_dir)


def test_a_killed_user_leaves_nothing_running(data_dir: Path) -> None:
    user = subprocess.Popen([sys.executable, "-c", USE_AND_WAIT, str(data_dir)], stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    assert answer(user.stdout.readline().strip()) == "registry"
    user.kill()
    user.communicate()
    assert stopped(data_dir)


def test_a_server_that_dies_is_started_again(data_dir: Path) -> None:
    claim = cluster.hold(data_dir)
    os.kill(int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while claim.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    claim.ensure()
    assert answer(claim.cluster.url) == "registry"
    assert claim.release()


def test_a_pid_file_left_by_another_life_is_no_obstacle(data_dir: Path) -> None:
    cluster.hold(data_dir).release()
    # The number now belongs to a program that has nothing to do with PostgreSQL: this one.
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{data_dir / 'postgres'}\n0\n5432\n\n\n\nready\n")
    claim = cluster.hold(data_dir)
    assert answer(claim.cluster.url) == "registry"
    claim.release()


def test_a_path_too_long_for_a_socket_gets_a_short_one(data_dir: Path) -> None:
    deep = data_dir / ("long" * 20) / "with blank"
    deep.mkdir(parents=True, mode=0o711)
    claim = cluster.hold(deep)
    assert answer(claim.cluster.url) == "registry"
    folder = claim.cluster.socket_folder
    assert claim.release()
    assert not folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root meets folders that PostgreSQL's account cannot pass")
def test_a_closed_folder_above_the_data_stays_closed(data_dir: Path) -> None:
    closed = data_dir / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    claim = cluster.hold(closed / "data")
    assert answer(claim.cluster.url) == "registry"
    claim.release()
    assert closed.stat().st_mode & 0o777 == 0o700


def test_what_postgresql_complains_about_is_said_in_one_line(data_dir: Path) -> None:
    cluster.hold(data_dir).release()
    (data_dir / "postgres" / "postgresql.auto.conf").write_text("shared_buffers = nonsense\n")
    with pytest.raises(StackError, match="PostgreSQL did not start") as caught:
        cluster.hold(data_dir)
    assert "\n" not in str(caught.value)
