"""Relays as real processes, killed again and again: nothing is lost, and nothing of one registration changes its order."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from standardwebhooks import Webhook

from portal.access.actor import CONSOLE, SYSTEM, Actor
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.accounts.services import create_platform
from portal.feed import services as feed
from portal.feed.models import Change, Feed
from portal.kit import clock, jobs
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from portal.webhooks import queries as webhooks
from portal.webhooks import services, transport
from portal.webhooks.models import Delivery, Endpoint
from portal.webhooks.rules import Answer
from portal.webhooks.services import relaying
from registry.events import queries
from registry.events import services as events
from registry.issuing import services as issuing
from registry.issuing.models import Party, Registration
from registry.issuing.queries import status_of
from registry.issuing.registry_id import printed
from tests.receiver import Answered, Received, Receiver, echo
from tests.registry.rows import registration_of

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 5.0  # of killing
SEED = 7
LINES = 160  # more than a relay runs through to tell and deliver one thing
URL = "https://hooks.example.com/"
RELAYS = {module.__file__ for module in (events, feed, relaying)}
PROJECT = Path(__file__).resolve().parents[3]


@dataclass
class Nursery:
    """A process that keeps relays alive, and those that it keeps now."""

    process: subprocess.Popen[str]
    children: list[int] = field(default_factory=list)
    died: int = 0

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == "died":
                self.died += 1
            else:
                self.children.append(int(line))

    def kill(self) -> bool:
        """Whether there was one to kill."""
        if not self.children:
            return False
        os.kill(self.children.pop(random.randrange(len(self.children))), signal.SIGKILL)
        return True


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery with relays in it, on the database of the test."""
    base = urlsplit(os.environ["DATABASE_URL"])
    url = base._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    env = os.environ | {"DATABASE_URL": url, "WEBHOOK_LOOPBACK": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-m", "tests.registry.events.nursery"]
    with subprocess.Popen(command, cwd=PROJECT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        kept = Nursery(process)
        ear = Thread(target=kept.listen)
        ear.start()
        try:
            yield kept
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(10)
            ear.join(10)


def moody(received: Received) -> Answered:
    """A server that fails one time in eight."""
    if received.told["type"] != "endpoint.verify" and random.random() < 0.125:
        return random.choice([500, 503]), {}, b"busy"
    return echo(received)


@dataclass
class World:
    """Some registrations and what was done to them."""

    actor: Actor
    registrations: list[Registration]
    updates: int = 0

    def turn(self) -> None:
        """Does one thing to one of them: a hold, its end, or an update."""
        row, now = random.choice(self.registrations), clock.now()
        where: dict[str, Any] = {"actor": self.actor, "registration_id": row.pk, "party": Party.OPERATOR, "now": now}
        if random.random() < 0.4:
            with transaction.atomic():
                payload = {"persona": str(row.persona_id)}
                publish(Topic.PERSONA_UPDATED, stream=stream("persona", row.persona_id), now=now, **payload)
            self.updates += 1
        elif row.holds.filter(lifted_at=None).exists():
            issuing.lift_hold(**where)
        else:
            issuing.place_hold(reason="pause", note="", **where)


def wait_for(what: Any, seconds: float = 15) -> None:
    """Returns once `what()` is true; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "the relays did not come to an end"
        time.sleep(0.02)


def at_rest() -> bool:
    """Whether there is nothing left to tell or to send."""
    return not (queries.is_behind(events.READER, clock.now()) or Delivery.objects.filter(state="waiting").exists() or behind())


def behind() -> bool:
    """Whether an endpoint has not heard of everything."""
    return webhooks.waiting(clock.now() + timedelta(minutes=1)).exists()


@pytest.fixture
def world(alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    """Four registrations of Alice. Nobody rings: every relay looks by itself."""
    monkeypatch.setattr(jobs, "ring", lambda name, key: None)
    settings.WEBHOOK_LOOPBACK = True
    random.seed(SEED)
    return World(actor_for(alice), [registration_of(alice, now=clock.now()) for _ in range(4)])


def test_relays_killed_at_any_moment_lose_nothing_and_reorder_nothing(world: World) -> None:
    platform = create_platform(actor=CONSOLE, code="demo-live", name="Demo Live", now=clock.now())
    with Receiver(answer=moody) as receiver:
        now = clock.now()
        endpoint, [secret, _private] = services.add(actor=CONSOLE, platform=platform, url=receiver.url, contact="a@example.org", now=now)
        services.prove(actor=CONSOLE, endpoint_id=endpoint.pk, now=now)
        with nursery() as relays:
            wait_for(lambda: relays.children, 30)
            kills = _kill_for(SECONDS, world, relays)
            wait_for(at_rest)
        assert relays.died == 0
        assert kills > 20
        came = receiver.received[1:]
    _every_event_is_in_the_feed_once(world)
    _every_event_arrived_in_order(came)
    for each in random.sample(came, 10):
        Webhook(secret.value or "").verify(each.body, each.headers)


class Killed(BaseException):
    """What a relay feels that is killed: no `except Exception` holds it up, and its transaction is gone."""


@contextmanager
def killed_at(number: int) -> Iterator[None]:
    """Kills at the line of this number, counted over the relays' own modules."""
    left = number

    def trace(frame: Any, event: str, arg: object) -> Any:
        nonlocal left
        if event == "call":
            return trace if frame.f_code.co_filename in RELAYS else None
        left -= event == "line"
        if event == "line" and left == 0:
            raise Killed
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def test_a_relay_killed_at_any_line_loses_nothing_and_reorders_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[Received] = []

    def post(_url: str, body: bytes, headers: Any) -> Answer:
        came.append(Received(dict(headers), body.decode()))
        challenge = came[-1].told["data"].get("challenge", "")
        return Answer(200, body=challenge.encode())

    monkeypatch.setattr(transport, "post", post)
    monkeypatch.setattr(relaying, "LEASE", timedelta(0))
    platform = create_platform(actor=CONSOLE, code="demo-live", name="Demo Live", now=clock.now())
    endpoint, _secrets = services.add(actor=CONSOLE, platform=platform, url=URL, contact="a@example.org", now=clock.now())
    services.prove(actor=CONSOLE, endpoint_id=endpoint.pk, now=clock.now())
    world.turn()
    kills = 0
    for number in range(1, LINES, 2):
        world.turn()
        try:
            with killed_at(number):
                _relay_all(endpoint)
        except Killed:
            kills += 1
        _relay_all(endpoint)
    assert kills > 40
    assert kills < LINES // 2  # the last lines were reached, and passed
    _every_event_is_in_the_feed_once(world)
    _every_event_arrived_in_order(came[1:])


def _relay_all(endpoint: Endpoint) -> None:
    while events.relay(actor=SYSTEM, now=clock.now()):
        pass
    while services.make_out(actor=SYSTEM, endpoint_id=endpoint.pk, now=clock.now()):
        pass
    while services.deliver_next(actor=SYSTEM, endpoint_id=endpoint.pk, now=clock.now()):
        pass


def _kill_for(seconds: float, world: World, relays: Nursery) -> int:
    """Returns how many relays were killed while things went on."""
    kills, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        for _ in range(random.randint(0, 3)):
            world.turn()
        time.sleep(random.uniform(0, 0.1))
        kills += relays.kill()
    return kills


def _every_event_is_in_the_feed_once(world: World) -> None:
    told = list(Change.objects.order_by("sequence"))
    assert [each.sequence for each in told] == list(range(1, Feed.objects.get().last + 1))
    assert len({each.event for each in told}) == len(told)
    assert sum(each.type == "persona.updated" for each in told) == world.updates
    for row in world.registrations:
        states = [each for each in told if each.registry_id == printed(row.registry_id) and each.type != "persona.updated"]
        # A state is told when it follows another, whatever was killed in between.
        assert all(before.status != after.status for before, after in pairwise(states))
        assert states[-1].status == status_of(row, clock.now())


def _every_event_arrived_in_order(came: list[Received]) -> None:
    """By the first arrival: an event may come again, under the same identifier."""
    wanted: dict[str, list[int]] = defaultdict(list)
    first: dict[str, list[int]] = defaultdict(list)
    for change in Change.objects.order_by("sequence"):
        wanted[change.registry_id].append(change.sequence)
    for each in came:
        data = each.told["data"]
        if data["sequence"] not in first[data["registry_id"]]:
            first[data["registry_id"]].append(data["sequence"])
    assert first == wanted
