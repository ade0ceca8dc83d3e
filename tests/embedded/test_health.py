"""The health page: 200 only if the database, the worker and the gate are up."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.test import Client
from pytest_django import Settings

from portal.embedded.models import Heartbeat
from portal.embedded.tasks import beat, beat_relays
from portal.kit import clock

pytestmark = pytest.mark.django_db


class Gate(BaseHTTPRequestHandler):
    """Answers the gate's own health address."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/gate/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def gate(settings: Settings) -> Iterator[None]:
    with HTTPServer(("127.0.0.1", 0), Gate) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.GATE_URL = f"http://127.0.0.1:{server.server_port}/gate"
        yield
        server.shutdown()


@pytest.mark.usefixtures("gate")
def test_all_is_well_when_every_part_answers(client: Client) -> None:
    beat()
    beat_relays()
    answer = client.get("/healthz/")
    checks = {"database": "ok", "worker": "ok", "relays": "ok", "gate": "ok"}
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "checks": checks})


@pytest.mark.usefixtures("gate")
@pytest.mark.parametrize("silence", [None, timedelta(seconds=31)])
@pytest.mark.parametrize(("silent", "other"), [("worker", "relays"), ("relays", "worker")])
def test_a_silent_worker_is_named(client: Client, silent: str, other: str, silence: timedelta | None) -> None:
    Heartbeat.objects.create(name=other, at=clock.now())
    if silence is not None:
        Heartbeat.objects.create(name=silent, at=clock.now() - silence)
    answer = client.get("/healthz/")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"database": "ok", silent: "failing", other: "ok", "gate": "ok"})


def test_a_gate_that_does_not_answer_is_named(client: Client, settings: Settings) -> None:
    settings.GATE_URL = "http://127.0.0.1:1/gate"
    beat()
    answer = client.get("/healthz/")
    assert (answer.status_code, answer.json()["checks"]["gate"]) == (503, "failing")
    assert answer.json()["status"] == "failing"


def test_the_answer_is_never_kept(client: Client) -> None:
    assert "no-store" in client.get("/healthz/")["Cache-Control"]


def test_a_second_beat_moves_the_first() -> None:
    beat()
    first = Heartbeat.objects.get().at
    beat()
    assert Heartbeat.objects.get().at > first
