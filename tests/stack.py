"""The whole stack as a process: how tests start it, read what it prints and stop it."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import psutil
import psycopg
import pytest

from portal.embedded.cluster import Cluster

PROJECT = Path(__file__).resolve().parent.parent
OURS = ("DATABASE_URL", "DATA_DIR", "SECRET_KEY", "VAULT_MASTER_KEYS", "VAULT_INDEX_KEY", "SITE_URL", "GATE_URL", "DEMO")


@dataclass
class Terminal:
    """A running `up`, what it printed so far, and every process it has ever had."""

    folder: Path
    process: subprocess.Popen[str]
    lines: list[str]

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def read_until(self, wanted: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if (found := re.search(wanted, line)) is not None:
                return found.group(found.lastindex or 0)
        pytest.fail(f"ended without {wanted!r}:\n{self.output}")

    def family(self) -> list[psutil.Process]:
        """The servers below the stack, and the database, which is a child of its own keeper."""
        server = int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0])
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return [*found, psutil.Process(server), *psutil.Process(server).parents()[:1]]


def start(folder: Path, *more: str) -> Terminal:
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "manage.py", "up", "--data", str(folder), *more]
    return Terminal(
        folder, subprocess.Popen(command, cwd=PROJECT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1), []
    )


@dataclass(frozen=True)
class Demo:
    """A running demonstration: its data directory and what `demo.json` tells scripts. Without a terminal it is somebody else's."""

    folder: Path
    told: dict[str, Any]
    terminal: Terminal | None

    @property
    def site(self) -> str:
        """The portal's address."""
        return str(self.told["base_url"])

    @property
    def gate(self) -> str:
        """What stands before `/v1/check`."""
        return str(self.told["gate_url"])

    @property
    def database(self) -> str:
        """The address of its PostgreSQL."""
        return Cluster(self.folder).url

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Returns what its database answers."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def ask(self, registry_id: str, **question: str) -> tuple[int, dict[str, Any]]:
        """Returns the gate's status and answer to the demonstration's platform, which wants to go live."""
        asked = {"registry_id": registry_id, "platform": self.told["platform"], "activity": "live", **question}
        headers = {"Authorization": f"Bearer {self.told['platform_key']}", "Content-Type": "application/json"}
        request = Request(f"{self.gate}/v1/check", json.dumps(asked).encode(), headers)  # noqa: S310 – our own address
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def workers(self) -> list[psutil.Process]:
        """The Celery worker and its pool, known by the schedule file on their command line."""
        schedule = str(self.folder / "run" / "beat")
        return [each for each in psutil.process_iter(["cmdline"]) if schedule in (each.info["cmdline"] or [])]


def start_demo(folder: Path) -> Demo:
    """Returns a demonstration that is ready, on ports of its own."""
    terminal = start(folder, "--demo", "--port", "0")
    terminal.read_until(r"^Ready after")
    return running_demo(folder, terminal)


def running_demo(folder: Path, terminal: Terminal | None = None) -> Demo:
    """Returns the demonstration that runs on a data directory."""
    return Demo(folder, json.loads((folder / "demo.json").read_text()), terminal)


def stop_demo(demo: Demo) -> None:
    """Ends it as Ctrl-C does."""
    if demo.terminal is not None:
        demo.terminal.process.send_signal(signal.SIGINT)
        demo.terminal.process.communicate(timeout=30)
