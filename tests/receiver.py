"""A platform's server on 127.0.0.1: keeps what it received, echoes challenges, and misbehaves when told to."""

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery: its headers by their names in small letters, and its body."""

    headers: dict[str, str]
    body: str

    @property
    def told(self) -> dict[str, Any]:
        """The payload."""
        found: dict[str, Any] = json.loads(self.body)
        return found


Answered = tuple[int, dict[str, str], bytes]


def echo(received: Received) -> Answered:
    """The answer of a server that works."""
    challenge = received.told["data"].get("challenge")
    return 200, {}, json.dumps({"challenge": challenge}).encode() if challenge else b"thanks"


@dataclass
class Receiver:
    """The server's state. `trouble`, if set, has the connection to itself."""

    answer: Callable[[Received], Answered] = echo
    trouble: Callable[[BaseHTTPRequestHandler, Event], None] | None = None
    tls: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list)
    closing: Event = field(default_factory=Event)

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hook"

    def events(self) -> list[tuple[str, str]]:
        """Returns type and registry ID of what came, in order."""
        return [(each.told["type"], each.told["data"].get("registry_id", "")) for each in self.received]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Says nothing of who hung up."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            received = Received({name.lower(): value for name, value in self.headers.items()}, body)
            receiver.received.append(received)
            if receiver.trouble:
                receiver.trouble(self, receiver.closing)
                return
            status, named, answer = receiver.answer(received)
            self.send_response(status)
            for name, value in {**named, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler
