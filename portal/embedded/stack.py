"""The whole stack in one terminal: database, tables, web server, worker, gate, demo; and the way down again."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from portal.embedded import catalogues, cluster, doors
from portal.embedded.child import Child
from portal.embedded.cluster import PROJECT, Hold
from portal.embedded.faults import StackError, last_line, last_line_of

READY_WITHIN, STOP_WITHIN, TICK, KNOCK = 120.0, 10.0, 0.1, 0.5
DEATHS_BEFORE_GIVING_UP = 5
Say = Callable[[str, str], None]


class Interrupted(Exception):
    """Somebody asked the stack to stop."""


@dataclass(frozen=True)
class Plan:
    """What was asked for on the command line, with the ports and the folder settled."""

    data_dir: Path
    port: int
    gate_port: int
    demo: bool

    @property
    def site_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def gate_url(self) -> str:
        return f"http://localhost:{self.gate_port}/gate"

    def environment(self) -> dict[str, str]:
        """Returns the settings that the children read, on top of the caller's own."""
        own = {"DATA_DIR": str(self.data_dir), "SITE_URL": self.site_url, "GATE_URL": self.gate_url, "DEMO": str(int(self.demo))}
        return {"DJANGO_SETTINGS_MODULE": "portal.settings", **os.environ, **own, **_compiled(self.data_dir), "PYTHONUNBUFFERED": "1"}


def _compiled(data_dir: Path) -> dict[str, str]:
    """Where compiled modules go if Python may not put them beside the sources: each of ten processes would compile all of Django anew."""
    if not sys.dont_write_bytecode:
        return {}
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(data_dir / "run" / "compiled")}


def _web(app: str, port: int, workers: int, threads: int) -> list[str]:
    serve = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", doors.HOST, "--port", str(port)]
    return [*serve, "--workers", str(workers), "--blocking-threads", str(threads), "--workers-kill-timeout", "5", "--no-ws", app]


# Workers that gossip leave queues behind, and with them files, at every start.
_QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def _worker(data_dir: Path) -> list[str]:
    work = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--concurrency", "2", "--loglevel", "INFO"]
    beat = ["--beat", "--schedule", str(data_dir / "run" / "beat")]
    return [*work, *beat, *_QUIET]


def _relays() -> list[str]:
    """Threads: relays wait for other people's servers."""
    work = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--queues", "relays", "--hostname", "relays@%h", "--loglevel", "INFO"]
    return [*work, "--pool", "threads", "--concurrency", "8", *_QUIET]


@dataclass
class Stack:
    """The running parts. `rise`, then `watch` until somebody interrupts, and `fall` in any case."""

    plan: Plan
    say: Say
    env: dict[str, str] = field(init=False)
    children: list[Child] = field(default_factory=list)
    database: Hold | None = None

    def __post_init__(self) -> None:
        self.env = self.plan.environment()

    def rise(self) -> None:
        """Starts everything and returns when the stack answers; raises StackError."""
        self._start_database()
        catalogues.compile_all(PROJECT / "locale")
        self.say("tables", "bringing them up to date")
        self._run("prepare", "The tables could not be brought up to date")
        self._start_children()
        if self.plan.demo:
            self.say("demo", "filling in people and personas")
            self._run("seed_demo", "The demo could not be filled in")
        self._wait_until_healthy()

    def _start_database(self) -> None:
        if self.env.get("DATABASE_URL"):
            self.say("database", "the one of DATABASE_URL")
            return
        self.say("database", f"PostgreSQL 18 in {self.plan.data_dir / 'postgres'}")
        self.database = cluster.hold(self.plan.data_dir)
        self.env["DATABASE_URL"] = self.database.cluster.url

    def _run(self, command: str, complaint: str) -> None:
        log = self.plan.data_dir / "log" / f"{command}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 – our own command
                [sys.executable, "manage.py", command],
                env=self.env,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            while process.poll() is None:
                self._tend()
                time.sleep(TICK)
        finally:
            process.kill()
        if process.returncode != 0:
            doors.require_room(self.plan.data_dir)
            raise StackError(f"{complaint}: {last_line_of(log)} (all of it: {log})")

    def _start_children(self) -> None:
        commands = {
            "web": _web("portal.wsgi:application", self.plan.port, workers=2, threads=4),
            "gate": _web("registry.gate.wsgi:application", self.plan.gate_port, workers=1, threads=4),
            "worker": _worker(self.plan.data_dir),
            "relays": _relays(),
            "lists": [sys.executable, "manage.py", "follow_status_lists"],
        }
        for name, command in commands.items():
            child = Child(name, command, self.env, PROJECT, self.plan.data_dir / "log" / f"{name}.log")
            self.children.append(child)
            child.start()
            self.say(name, "starting")

    def _tend(self) -> None:
        if self.database is not None and not self.database.is_running():
            self.say("database", "has stopped; starting it again")
            self.database.ensure()
        for child in self.children:
            line = child.tend()
            if line:
                self.say("note", line)

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while (missing := self._unhealthy()) is not None:
            self._tend()
            failing = next((child for child in self.children if child.deaths >= DEATHS_BEFORE_GIVING_UP), None)
            if failing is not None:
                doors.require_room(self.plan.data_dir)
                raise StackError(f"{failing.name} does not stay up: {last_line_of(failing.log)} (all of it: {failing.log})")
            if time.monotonic() > deadline:
                raise StackError(f"Not ready after {READY_WITHIN:.0f} seconds: {missing}. See the logs in {self.plan.data_dir / 'log'}.")
            time.sleep(KNOCK)

    def _unhealthy(self) -> str | None:
        try:
            build_opener(ProxyHandler({})).open(f"http://{doors.HOST}:{self.plan.port}/healthz/", timeout=5).close()
        except URLError as error:
            body = last_line(error.read().decode(errors="replace")) if hasattr(error, "read") else ""
            return body or f"the site does not answer ({error.reason})"
        except OSError as error:
            return f"the site does not answer ({error})"
        return None

    def demo_logins(self) -> list[str]:
        """Returns a line for each person that the demo lets in."""
        path = self.plan.data_dir / "demo.json"
        logins = json.loads(path.read_text())["logins"] if path.exists() else {}
        return [f"{each['role']:<28} {each['email']:<22} {each['password']}" for each in logins.values()]

    def watch(self) -> None:
        """Keeps the parts alive; ends only by an exception."""
        while True:
            self._tend()
            time.sleep(TICK)

    def fall(self) -> None:
        """Stops all parts, the servers first and the database last."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_WITHIN
        try:
            while time.monotonic() < deadline and not all(child.has_stopped() for child in self.children):
                time.sleep(TICK)
        finally:
            for child in self.children:
                child.kill()
            if self.database is not None and not self.database.release():
                self.say("database", "left running: another command still uses it")
