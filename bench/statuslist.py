"""What status lists cost: `uv run python bench/statuslist.py [DATA_DIR_OF_A_RUNNING_DEMONSTRATION]`.

Builds and signs one full list and ten (10 million registrations), from synthetic arrays without a database, at several
shares of revoked ones. With a running demonstration (`manage.py up --demo --data DIR`) it also measures, from the operator's
click to the new token over HTTP, how long a change takes.
"""

import base64
import json
import random
import re
import statistics
import sys
import time
import zlib
from collections.abc import Callable
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener, urlopen

from joserfc.jwk import ECKey

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portal.signing import tokens
from registry.statuslist import bits

LISTS, STOPS = 10, 20
URI = "https://registry.example/statuslists/1/"


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Returns the seconds of one call, and what it returned."""
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def entries(share: float, seed: int) -> list[tuple[int, int]]:
    """Returns random entries, this share of a list, all of them invalid."""
    return [(index, 1) for index in random.Random(seed).sample(range(bits.SIZE), int(bits.SIZE * share))]


def built(some: list[tuple[int, int]]) -> str:
    """Returns the compressed list."""
    return bits.compress(bits.pack(some))


def signed(key: ECKey, lst: str) -> str:
    """Returns the token over a list."""
    now = int(time.time())
    claims = {"sub": URI, "iat": now, "exp": now + 3600, "ttl": 60, "status_list": {"bits": bits.BITS, "lst": lst, "aggregation_uri": URI}}
    return tokens.sign(key, typ="statuslist+jwt", content=tokens.payload(claims))


def synthetic() -> None:
    """Prints the cost of one list and of ten, and of signing a list that did not change."""
    key = ECKey.generate_key("P-256", private=True)
    print(f"one list: {bits.SIZE} entries of {bits.BITS} bits")
    for share in (0, 0.001, 0.01, 0.05, 0.5):
        some = entries(share, 1)
        build, lst = timed(partial(built, some))
        sign, token = timed(partial(signed, key, lst))
        packed, _zipped = len(base64.urlsafe_b64decode(lst + "==")), zlib.compress(token.encode())
        sizes = f"{packed:>9} B compressed, {len(token):>9} B token, {len(_zipped):>9} B token as gzip"
        print(f"  {share:6.1%} invalid: build {build * 1000:7.1f} ms, sign {sign * 1000:5.2f} ms, {sizes}")
    whole = [entries(0.01, seed) for seed in range(LISTS)]
    seconds, made = timed(lambda: [signed(key, built(some)) for some in whole])
    print(f"{LISTS} lists ({LISTS * bits.SIZE} registrations), 1 % invalid: {seconds:.2f} s, {sum(map(len, made))} B of tokens")
    lsts = [built(some) for some in whole]
    again, _made = timed(lambda: [signed(key, lst) for lst in lsts])
    print(f"signing {LISTS} unchanged lists again (each half ttl): {again * 1000:.1f} ms")


class Operator:
    """Alice at her persona's page of a running demonstration."""

    def __init__(self, demo: dict[str, Any]) -> None:
        self.demo, self.cookies = demo, CookieJar()
        self.browser: OpenerDirector = build_opener(HTTPCookieProcessor(self.cookies))
        login = demo["logins"]["alice"]
        self.send("/accounts/login/", login=login["email"], password=login["password"])
        for persona in sorted(set(re.findall(r"/home/personas/[0-9a-f-]{36}/", self.page("/home/")))):
            if demo["registrations"]["active"] in (page := self.page(persona)):
                self.persona = persona
                break
        found = re.search(r"/home/registrations/([0-9a-f-]{36})/", page)
        assert found is not None
        self.registration = found.group(1)

    def page(self, path: str) -> str:
        """Returns a page's text."""
        with self.browser.open(self.demo["base_url"] + path) as answer:
            return str(answer.read().decode())

    def send(self, path: str, **fields: str) -> None:
        """Sends a form."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page("/accounts/login/" if "login" in path else self.persona))
        assert token is not None
        body = urlencode({**fields, "csrfmiddlewaretoken": token.group(1)}).encode()
        headers = {"Referer": self.demo["base_url"], "Origin": self.demo["base_url"]}
        self.browser.open(Request(self.demo["base_url"] + path, body, headers)).close()  # noqa: S310 - our own site


def value(demo: dict[str, Any], uri: str, index: int) -> int:
    """Returns what the published list says now."""
    with urlopen(uri) as answer:  # noqa: S310 - our own site
        payload = answer.read().decode().split(".")[1]
    inner = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["status_list"]
    return bits.value_at(bits.decompress(inner["lst"]), index)


def published(folder: Path) -> None:
    """Prints how long changes take from the moment the portal has answered, or before, to the published list."""
    demo = json.loads((folder / "demo.json").read_text())
    with urlopen(f"{demo['base_url']}/certificates/{demo['registrations']['active']}.jwt") as answer:  # noqa: S310
        payload = answer.read().decode().split(".")[1]
    place = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["status"]["status_list"]
    alice, times = Operator(demo), []
    for number in range(STOPS):
        wanted = 0 if number % 2 else 2
        verb, fields = ("lift", {}) if number % 2 else ("hold", {"reason": "pause", "note": ""})
        began = time.perf_counter()
        alice.send(f"/home/registrations/{alice.registration}/{verb}/", **fields)
        while value(demo, place["uri"], place["idx"]) != wanted:
            time.sleep(0.02)
        times.append((time.perf_counter() - began) * 1000)
    middle, slowest = statistics.median(times), max(times)
    print(f"from the operator's click to the published token, {STOPS} changes: median {middle:.0f} ms, slowest {slowest:.0f} ms")
    print("  (the click's own request and a page load before it are in it)")


def main() -> None:
    """Prints every figure."""
    synthetic()
    if sys.argv[1:]:
        published(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
