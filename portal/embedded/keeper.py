"""Owns one embedded PostgreSQL: `python -m portal.embedded.keeper DATA_DIR`. Says `ready` or one line of error.

It waits for the lock that all users share. When it gets it, nobody is left: it stops the server and ends.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from portal.embedded.account import Account, choose
from portal.embedded.cluster import DATABASE, Cluster, program
from portal.embedded.faults import StackError, last_line, last_line_of
from portal.embedded.locks import FileLock

POLL, READY_WITHIN, STOP_WITHIN = 0.2, 60.0, 15.0
INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def _run(command: list[str], account: Account, what: str, text: str = "") -> None:
    done = subprocess.run(  # noqa: S603 – the package's own programs
        command, input=text, capture_output=True, text=True, preexec_fn=account.enter, check=False
    )
    if done.returncode != 0:
        raise StackError(f"{what}: {last_line(done.stderr)}")


def create(cluster: Cluster) -> None:
    """Creates the cluster in a draft folder and moves it into place, so that a half-made one is never used."""
    draft = cluster.files.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    account = choose(draft, program("postgres"))
    sync = [] if cluster.durable else ["--no-sync"]
    _run([str(program("initdb")), "-D", str(draft), *INITDB, *sync], account, "PostgreSQL could not create its data")
    single = [str(program("postgres")), "--single", "-D", str(draft), "postgres"]
    _run(single, account, "PostgreSQL could not create the database", f"CREATE DATABASE {DATABASE}\n")
    draft.rename(cluster.files)


def clear_leftovers(files: Path) -> None:
    """Stops a server that lost its keeper, and removes a pid file whose number now belongs to another program."""
    pid_file = files / "postmaster.pid"
    try:
        orphan = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        if orphan.name() != "postgres" or str(files) not in orphan.cmdline():
            pid_file.unlink()
            return
        orphan.send_signal(signal.SIGINT)
        orphan.wait(STOP_WITHIN)
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return
    except psutil.TimeoutExpired:
        raise StackError(f"PostgreSQL is still running as process {orphan.pid} and does not stop.") from None


def prepare_socket_folder(cluster: Cluster, account: Account) -> None:
    """Makes the socket's own folder, if it has one; raises StackError if somebody else's is in its place."""
    folder = cluster.socket_folder
    if folder == cluster.files:
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), account.uid):
        raise StackError(f"{folder} belongs to somebody else; remove it, or choose a shorter folder with --data.")
    folder.chmod(0o700)
    account.own(folder)


def start(cluster: Cluster) -> subprocess.Popen[bytes]:
    """Returns the running server once it is ready to be used; raises StackError with its own last words if it fails."""
    account = choose(cluster.files, program("postgres"))
    prepare_socket_folder(cluster, account)
    settings = ["listen_addresses=", f"unix_socket_directories={cluster.socket_folder}", *(() if cluster.durable else CARELESS)]
    command = [str(program("postgres")), "-D", str(cluster.files)]
    command += [part for setting in settings for part in ("-c", setting)]
    cluster.log.parent.mkdir(parents=True, exist_ok=True)
    with cluster.log.open("ab") as log:
        server = subprocess.Popen(  # noqa: S603 – the package's own program
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=account.enter
        )
    deadline = time.monotonic() + READY_WITHIN
    while not _is_ready(cluster.files, server.pid):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            raise StackError(f"PostgreSQL did not start: {last_line_of(cluster.log)}")
        time.sleep(0.02)
    return server


def _is_ready(files: Path, pid: int) -> bool:
    try:
        lines = (files / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stops the server in an orderly way, and at once if it takes too long."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        try:
            server.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            continue
        return


def keep(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    """Returns when the server has stopped: because nobody uses it any more, or because it died."""
    users = FileLock(cluster.lock("users"))
    while server.poll() is None and not users.attempt():
        time.sleep(POLL)
    stop(server)
    if cluster.socket_folder != cluster.files:
        shutil.rmtree(cluster.socket_folder, ignore_errors=True)


def run(cluster: Cluster) -> str:
    """Runs the cluster to its end. Returns an error in one line, or an empty string."""
    own = FileLock(cluster.lock("keeper"))
    if not own.attempt():
        return "Another process is already keeping this PostgreSQL."
    try:
        if not (cluster.files / "PG_VERSION").exists():
            create(cluster)
        clear_leftovers(cluster.files)
        server = start(cluster)
        print("ready", flush=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the reader has gone on
        keep(cluster, server)
    except StackError as error:
        return str(error)
    except OSError as error:
        return f"PostgreSQL cannot use {cluster.data_dir}: {error.strerror or error}"
    finally:
        own.release()
        if not cluster.durable:
            shutil.rmtree(cluster.data_dir, ignore_errors=True)
    return ""


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # the keeper is nobody's child: it may outlive the user that started it
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends when its users have
    failure = run(Cluster(Path(sys.argv[1]), durable="--throwaway" not in sys.argv))
    if failure:
        print(failure, flush=True)
    sys.exit(bool(failure))
