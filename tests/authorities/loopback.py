"""A server on 127.0.0.1 that stands for an authority: it keeps what it received, and misbehaves when told to."""

import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Self

Answered = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Received:
    """One request: path, headers by their names in small letters, body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Authority:
    """The server's state. `people` maps a number to its holder's name; `trouble`, if set, takes the place of an answer."""

    people: dict[str, str] = field(default_factory=dict)
    trouble: Callable[[BaseHTTPRequestHandler], None] | None = None
    now: Callable[[], float] = time.time
    received: list[Received] = field(default_factory=list)
    closing: Event = field(default_factory=Event)
    tls: ssl.SSLContext | None = None

    def answer(self, request: Received) -> Answered:
        """Returns what this authority says to a request."""
        raise NotImplementedError

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
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{self.host}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Says nothing of who hung up or did not trust the certificate."""


def said(status: int, members: object, **headers: str) -> Answered:
    """Returns an answer in JSON."""
    return status, {"Content-Type": "application/json", **headers}, json.dumps(members).encode()


def _handler(authority: Authority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Received(self.command, self.path, headers, body)
            authority.received.append(request)
            if authority.trouble:
                authority.trouble(self)
                return
            status, named, answer = authority.answer(request)
            self.send_response(status)
            for name, value in {**named, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler
