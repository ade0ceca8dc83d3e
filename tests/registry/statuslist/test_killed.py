"""The process that follows the registry, killed while changes happen: nothing is lost, nothing old is published over something new."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from portal.access.actor import Actor
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.kit import clock
from portal.signing import tokens
from portal.signing.queries import public_keys
from registry.issuing import services as issuing
from registry.issuing.models import Party, Registration
from registry.statuslist import bits, rules, services
from registry.statuslist.models import Entry
from tests.registry.rows import registration_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.stack]
PROJECT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0  # seconds for a start on a busy machine


@pytest.fixture
def environment(settings: Any) -> dict[str, str]:
    """The tests' own database and address, for a process of its own."""
    name = connection.settings_dict["NAME"]
    base, _, query = os.environ["DATABASE_URL"].partition("?")
    url = base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    return {**os.environ, "DATABASE_URL": url, "SITE_URL": settings.SITE_URL}


@pytest.fixture
def followers(environment: dict[str, str]) -> Iterator[Any]:
    """Starts followers; all of them are gone after the test."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "follow_status_lists"]
        running.append(subprocess.Popen(command, cwd=PROJECT, env=environment))
        return running[-1]

    yield start
    for each in running:
        each.kill()
        each.wait()


def said(registration: Registration) -> int | None:
    """Returns what the published list says of the registration; None before there is one."""
    entry = Entry.objects.select_related("list").filter(registration=registration).first()
    if entry is None or not entry.list.token:
        return None
    claims = tokens.verify(entry.list.token, typ=services.TYPE, keys=public_keys(clock.now()))
    return bits.value_at(bits.decompress(claims["status_list"]["lst"]), entry.index)


def until(registration: Registration, value: int) -> None:
    """Returns once the list says so; fails after a while."""
    deadline = time.monotonic() + PATIENCE
    while said(registration) != value:
        assert time.monotonic() < deadline, f"the list still says {said(registration)}"
        time.sleep(0.02)


def toggle(alice: Actor, registration: Registration, *, held: bool) -> int:
    """Places or lifts Alice's hold; returns what the list must say then."""
    where: dict[str, Any] = {"actor": alice, "registration_id": registration.pk, "party": Party.OPERATOR, "now": clock.now()}
    if held:
        issuing.place_hold(reason="pause", note="", **where)
        return rules.SUSPENDED
    issuing.lift_hold(**where)
    return rules.VALID


def test_a_follower_killed_in_the_middle_loses_nothing(alice: User, followers: Any) -> None:
    actor, registrations = actor_for(alice), [registration_of(alice, now=clock.now()) for _ in range(6)]
    running = followers()
    until(registrations[0], rules.VALID)
    held = [toggle(actor, registration, held=True) for registration in registrations]
    time.sleep(0.07)  # in the middle of reading them, or of signing
    running.send_signal(signal.SIGKILL)
    running.wait()
    after = followers()
    for registration, wanted in zip(registrations, held, strict=True):
        until(registration, wanted)
        until(registration, toggle(actor, registration, held=False))
    after.send_signal(signal.SIGTERM)
    assert after.wait(timeout=10) == 0  # asked to stop, it stops
