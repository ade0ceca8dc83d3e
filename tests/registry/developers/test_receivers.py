"""The receivers that the guide shows work as they stand: they prove an address, believe what we sign, and nothing else."""

import re
import socket
import time
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal.access.actor import CONSOLE
from portal.kit import clock
from portal.webhooks import services
from registry.issuing import registry_id as ids
from registry.sandbox.cast import ALLOWED
from registry.sandbox.services import send_event
from tests.portal.webhooks.rows import platform, relay
from tests.terminal import Terminal, free_port

pytestmark = pytest.mark.django_db
PROGRAMS = [
    pytest.param("python", "receiver.py", "receiver-python", "VHR_WEBHOOK_SECRET", id="python"),
    pytest.param("node", "receiver.mjs", "receiver-node", "VHR_WEBHOOK_PUBLIC_KEY", id="node", marks=pytest.mark.node),
]


def forged(port: int, signatures: str) -> bytes:
    """Returns what a receiver answers to an event that we did not sign."""
    body = b'{"type": "persona.revoked", "data": {}}'
    head = f"POST / HTTP/1.0\r\nContent-Length: {len(body)}\r\nwebhook-id: a\r\nwebhook-timestamp: {int(time.time())}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(f"{head}webhook-signature: {signatures}\r\n\r\n".encode() + body)
        return line.recv(200)


@pytest.mark.parametrize(("command", "file", "name", "variable"), PROGRAMS)
def test_a_receiver_of_the_guide(client: Client, settings: Any, tmp_path: Path, command: str, file: str, name: str, variable: str) -> None:
    settings.WEBHOOK_LOOPBACK = True
    page = client.get("/developers/webhooks/").content.decode()
    shown = re.search(rf'<code data-snippet="{name}"[^>]*>(.*?)</code>', page, re.DOTALL)
    assert shown
    (tmp_path / file).write_text(unescape(shown[1]))
    now, port = clock.now(), free_port()
    endpoint, secrets = services.add(
        actor=CONSOLE, platform=platform(), url=f"http://127.0.0.1:{port}/", contact="ops@example.org", now=now
    )
    own = {"VHR_WEBHOOK_PUBLIC_KEY": next(each.public for each in secrets if each.public)}
    own["VHR_WEBHOOK_SECRET"] = next(each.value or "" for each in secrets if not each.public)
    with Terminal(tmp_path, {variable: own[variable]}).serving(port, command, file) as server:
        services.prove(actor=CONSOLE, endpoint_id=endpoint.pk, now=now)
        for signatures in ("v1,AAAA v1a,AAAA", "v1,", "nonsense,", "v1a," + "A" * 86 + "=="):
            assert b" 401 " in forged(port, signatures)
        tell(now)
        assert relay(endpoint, now) == 1
        assert server.stdout is not None
        assert "endpoint.verify" in server.stdout.readline()
        assert "consent.withdrawn" in server.stdout.readline()
    assert endpoint.deliveries.get().tries.get().status == 200


def tell(now: datetime) -> None:
    """Sends an event of the sandbox."""
    send_event(actor=CONSOLE, platform_id=platform().pk, registry_id=ids.printed(ALLOWED.registry_id), kind="consent.withdrawn", now=now)
