"""`manage.py up`: reads the command line, shows what happens, and turns every failure into one line and an exit code."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from portal.embedded import doors
from portal.embedded.cluster import PROJECT
from portal.embedded.faults import StackError
from portal.embedded.stack import Interrupted, Plan, Stack

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def data_dir(given: str | None = None) -> Path:
    """Returns the data directory: the one given, else DATA_DIR, else `var` beside manage.py."""
    return Path(given or os.environ.get("DATA_DIR") or PROJECT / "var").expanduser().resolve()


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > doors.LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port: 0 to {doors.LAST_PORT}")
    return int(text)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Starts the whole portal in this terminal. Ctrl-C stops it.")
    parser.add_argument("--demo", action="store_true", help="fill in people and personas to try everything with")
    parser.add_argument("--port", type=_port, default=8000, help="the site's port (default 8000; 0 picks a free one)")
    parser.add_argument("--gate-port", type=_port, help="the gate's port (default: the next free one after the site's)")
    parser.add_argument("--data", metavar="DIR", help="where everything is kept (default: var, or DATA_DIR)")
    return parser.parse_args(words)


def _say(what: str, text: str) -> None:
    print(f"  {what:<9} {text}", flush=True)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # the way down is bounded in time and ends in order
    raise Interrupted(signal.Signals(number).name)


def _show(stack: Stack, seconds: float) -> None:
    plan = stack.plan
    print(f"\nReady after {seconds:.1f} s. Ctrl-C stops everything.\n", flush=True)
    _say("site", plan.site_url)
    _say("gate", plan.gate_url)
    if plan.demo:
        _say("mail", f"{plan.site_url}/demo/mail/")
        for line in stack.demo_logins():
            _say("login", line)


def _live(stack: Stack, began: float) -> None:
    try:
        stack.rise()
        _show(stack, time.monotonic() - began)
        stack.watch()
    finally:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        print("\nStopping.", flush=True)
        stack.fall()


def _up(words: Sequence[str]) -> None:
    began, options = time.monotonic(), _arguments(words)
    folder = data_dir(options.data)
    os.umask(0o077)
    doors.open_folder(folder)
    with doors.claim(folder):
        port = doors.site_port(options.port)
        plan = Plan(folder, port, doors.gate_port(options.gate_port, port), options.demo)
        print("Virtual Human Registry", flush=True)
        _live(Stack(plan, _say), began)


def main(words: Sequence[str]) -> int:
    """Runs the stack until it is asked to stop. Returns 0 for that, 1 after an error told in one line."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    try:
        _up(words)
    except Interrupted:
        print("Stopped.", flush=True)
        return 0
    except (StackError, OSError) as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
    return 1
