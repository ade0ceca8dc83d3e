"""How long the stack takes to start, the gate to answer, and a stop to arrive: `uv run python bench/stack.py`.

Starts a demonstration in a throw-away folder, twice, on free ports. Single times depend on the machine; what counts is
the second start against the first, and that a stop arrives within a second.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

PROJECT = Path(__file__).resolve().parent.parent
CHECKS, STOPS = 300, 20


def start(folder: Path) -> tuple[subprocess.Popen[str], float]:
    """Returns the running stack and the seconds until it said that it is ready."""
    began = time.monotonic()
    command = [sys.executable, "manage.py", "up", "--demo", "--port", "0", "--data", str(folder)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Ready"):
            return process, time.monotonic() - began
    raise SystemExit("the stack did not start")


def stop(process: subprocess.Popen[str]) -> float:
    """Returns the seconds from Ctrl-C to the end."""
    began = time.monotonic()
    process.terminate()
    process.communicate()
    return time.monotonic() - began


def ask(demo: dict[str, Any]) -> str:
    """Returns the gate's decision about the active persona."""
    question = {"registry_id": demo["registrations"]["active"], "platform": demo["platform"], "activity": "live"}
    headers = {"Authorization": f"Bearer {demo['platform_key']}"}
    request = Request(demo["gate_url"] + "/v1/check", json.dumps(question).encode(), headers)  # noqa: S310 - our own gate
    with urlopen(request) as answer:  # noqa: S310
        return str(json.load(answer)["decision"])


def timed(act: Callable[[], object]) -> float:
    """Returns the milliseconds of one call."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def delay(demo: dict[str, Any], client: "Operator", verb: str, wanted: str) -> float:
    """Returns the milliseconds from the portal's answer to a hold until the gate decides accordingly."""
    client.press(verb)
    began = time.perf_counter()
    while ask(demo) != wanted:
        time.sleep(0.01)
    return (time.perf_counter() - began) * 1000


class Operator:
    """Alice, signed in, on the page of her active persona."""

    def __init__(self, demo: dict[str, Any]) -> None:
        self.site, self.opener = demo["base_url"], build_opener(HTTPCookieProcessor(CookieJar()))
        login = demo["logins"]["alice"]
        self.post("/accounts/login/", {"login": login["email"], "password": login["password"]}, form_at="/accounts/login/")
        rows = re.findall(r'href="(/home/personas/[^"]+)"', self.read("/home/"))
        self.page = next(path for path in rows if demo["registrations"]["active"] in self.read(path))
        found = re.search(r'action="/home/registrations/([^/]+)/hold/"', self.read(self.page))
        assert found
        self.registration = found[1]

    def read(self, path: str) -> str:
        """Returns a page."""
        with self.opener.open(self.site + path) as answer:
            return str(answer.read().decode())

    def post(self, path: str, data: dict[str, str], *, form_at: str) -> None:
        """Sends a form."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.read(form_at))
        assert token
        body = urlencode({**data, "csrfmiddlewaretoken": token[1]}).encode()
        self.opener.open(Request(self.site + path, body, {"Referer": self.site + form_at})).close()  # noqa: S310

    def press(self, verb: str) -> None:
        """Places ("hold") or lifts ("lift") the operator's hold."""
        self.post(f"/home/registrations/{self.registration}/{verb}/", {"reason": "pause", "note": ""}, form_at=self.page)


def main() -> None:
    """Prints the figures."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        folder = Path(name)
        process, first = start(folder)
        stopping = stop(process)
        process, second = start(folder)
        demo = json.loads((folder / "demo.json").read_text())
        checks = sorted(timed(lambda: ask(demo)) for _ in range(CHECKS))
        print(f"first start (tables, cast, faces)  {first:6.1f} s")
        print(f"second start                       {second:6.1f} s   ({first / second:.1f} times faster)")
        print(f"stop                               {stopping:6.1f} s")
        print(f"gate check, p50 / p95              {statistics.median(checks):.1f} / {checks[int(CHECKS * 0.95)]:.1f} ms, one caller")
        alice = Operator(demo)
        delays = [delay(demo, alice, *step) for _ in range(STOPS) for step in (("hold", "deny"), ("lift", "allow"))]
        print(f"hold to denied, median / longest   {statistics.median(delays):.0f} / {max(delays):.0f} ms after the portal answered")
        stop(process)


if __name__ == "__main__":
    main()
