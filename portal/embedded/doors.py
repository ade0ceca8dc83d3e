"""Ports and folders, looked at before anything is started, so that a start that cannot work ends in one line."""

import os
import shutil
import socket
from pathlib import Path

from portal.embedded.faults import StackError
from portal.embedded.locks import FileLock

HOST = "127.0.0.1"
ROOM_NEEDED = 300 * 1024 * 1024
LAST_PORT = 65535


def is_free(port: int) -> bool:
    """Returns whether nobody listens on `port` of this machine's loopback."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    """Returns a port that the system calls free."""
    with socket.socket() as door:
        door.bind((HOST, 0))
        port: int = door.getsockname()[1]
    return port


def site_port(wanted: int) -> int:
    """Returns `wanted`, or a free port for 0; raises StackError if it is taken."""
    if wanted == 0:
        return any_free()
    if not is_free(wanted):
        raise StackError(f"Port {wanted} is taken. Stop what uses it, or choose another one: --port 0 finds a free one.")
    return wanted


def gate_port(wanted: int | None, site: int) -> int:
    """Returns the gate's port: `wanted`, or the next free one after the site's; raises StackError if there is none."""
    if wanted is None:
        free = next((port for port in range(site + 1, min(site + 100, LAST_PORT) + 1) if is_free(port)), None)
        return free or any_free()
    if wanted == 0:
        return any_free()
    if wanted == site or not is_free(wanted):
        raise StackError(f"Port {wanted} is taken. Choose another one for the gate with --gate-port.")
    return wanted


def open_folder(data_dir: Path) -> None:
    """Makes the data directory and proves that it can be written; raises StackError if not."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        for name in ("run", "log", "mail", "static"):
            (data_dir / name).mkdir(mode=0o700, exist_ok=True)
        probe = data_dir / "run" / "probe"
        probe.write_bytes(bytes(65536))
        probe.unlink()
    except OSError as error:
        raise StackError(f"Cannot write to {data_dir}: {error.strerror}. Choose another folder with --data.") from error
    require_room(data_dir)


def require_room(data_dir: Path) -> None:
    """Raises StackError if the disk under `data_dir` is nearly full."""
    room = shutil.disk_usage(data_dir).free
    if room < ROOM_NEEDED:
        raise StackError(f"Only {room >> 20} MB are free at {data_dir}; at least {ROOM_NEEDED >> 20} MB are needed.")


def claim(data_dir: Path) -> FileLock:
    """Returns the lock of the one stack that may use `data_dir`; raises StackError if there is one already."""
    lock = FileLock(data_dir / "run" / "stack")
    if not lock.attempt():
        raise StackError(f"A stack is already running on {data_dir}. Stop it, or choose another folder with --data.")
    return lock
