"""Attacks on the gate: odd bodies, odd lengths, keys that were taken away."""

import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.access.actor import CONSOLE
from portal.accounts import services as accounts
from portal.accounts.models import ApiKey, Scope, User
from portal.kit import clock
from registry.gate import asks
from registry.gate.projection import Projection
from registry.gate.server import Gate
from registry.issuing.registry_id import printed
from tests.registry.rows import registration_of


class Door:
    """A gate with one registration and one key, asked with raw requests."""

    def __init__(self, alice: User, now: datetime) -> None:
        self.id = printed(registration_of(alice, now=now).registry_id)
        platform = accounts.create_platform(actor=CONSOLE, code="demo-live", name="Demo", now=now)
        self.keys = [
            accounts.issue_key(actor=CONSOLE, platform=platform, name=name, scopes=[Scope.CHECK], now=now) for name in ("one", "two")
        ]
        self.projection = Projection()
        self.projection.load()

    @property
    def question(self) -> dict[str, Any]:
        return {"registry_id": self.id, "platform": "demo-live", "activity": "live"}

    def ask(self, body: bytes, *, key: int = 0, **environ: str) -> tuple[int, dict[str, Any]]:
        self.projection.as_of = clock.now()
        told: list[str] = []
        sent: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/gate/v1/check",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_AUTHORIZATION": f"Bearer {self.keys[key][1]}",
            "wsgi.input": io.BytesIO(body),
            **environ,
        }
        answer = b"".join(Gate(self.projection)(sent, lambda status, headers, _info=None: told.append(status)))  # type: ignore[arg-type]
        return int(told[0][:3]), json.loads(answer)


@pytest.fixture
def door(alice: User, now: datetime) -> Door:
    """The gate as it stands."""
    return Door(alice, now)


ODD = {
    "a lone surrogate as a member": b'{"\\ud800": "x"}',
    "a lone surrogate as a value": b'{"registry_id": "\\ud800", "platform": "demo-live", "activity": "live"}',
    "a NUL in what is written down": b'{"registry_id": "%s", "platform": "demo-live", "activity": "live", "purpose": "\\u0000"}',
    "a member twice": b'{"registry_id": "VH-0000", "registry_id": "%s", "platform": "demo-live", "activity": "live"}',
    "a member nested without end": b"[" * 16_000,
    "objects nested without end": b'{"a":' * 3_000,
    "a number without end": b'{"registry_id": ' + b"9" * 10_000 + b"}",
    "not a number": b'{"registry_id": NaN, "platform": Infinity, "activity": -Infinity}',
    "bytes of no encoding": b'{"registry_id": "\xff\xfe"}',
    "nothing": b"",
    "another kind": b'"VH-"',
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_body_is_a_bad_question_and_no_failure(name: str, door: Door) -> None:
    status, problem = door.ask(ODD[name].replace(b"%s", door.id.encode()))
    assert status == 422, problem
    assert "decision" not in problem


@pytest.mark.parametrize("purpose", ["\u202ereversed", "\x1b[31m", "x" * 65, "", 1, None, ["commerce"], {"a": 1}])
def test_only_a_short_printable_text_is_a_purpose(purpose: object, door: Door) -> None:
    status, problem = door.ask(json.dumps(door.question | {"purpose": purpose}).encode())
    assert (status, problem["errors"][0]["pointer"]) == (422, "#/purpose")


@pytest.mark.parametrize(
    ("length", "status"), [(str(asks.MAX_BYTES + 1), 413), ("9" * 30, 413), ("-1", 422), ("", 422), ("0", 422), ("none", 422), ("5", 422)]
)
def test_a_length_that_lies_allows_nothing(length: str, status: int, door: Door) -> None:
    assert door.ask(json.dumps(door.question).encode(), CONTENT_LENGTH=length)[0] == status


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic {key}", "Bearer {key}x", "{key}", "Bearer é{key}", "Bearer {key},{key}"]
)
def test_only_the_whole_key_opens(header: str, door: Door) -> None:
    sent = header.replace("{key}", door.keys[0][1])
    assert door.ask(json.dumps(door.question).encode(), HTTP_AUTHORIZATION=sent)[0] == 401


def test_a_key_taken_away_by_a_slow_clock_opens_no_more(transactional_db: None, door: Door, now: datetime) -> None:
    body = json.dumps(door.question).encode()
    for place, at in enumerate((now, now - timedelta(seconds=3))):
        assert door.ask(body, key=place)[0] == 200
        accounts.revoke_key(actor=CONSOLE, key_id=door.keys[place][0].pk, now=at)
        door.projection.follow()
        assert door.ask(body, key=place)[0] == 401
    assert ApiKey.objects.filter(revoked_at=None).count() == 0


def test_a_bad_key_learns_nothing_about_a_persona(door: Door) -> None:
    asked = [door.question, door.question | {"registry_id": "VH-0000-0000-0000"}]
    answers = [door.ask(json.dumps(each).encode(), HTTP_AUTHORIZATION="Bearer vhk_live_") for each in asked]
    assert answers[0] == answers[1]
