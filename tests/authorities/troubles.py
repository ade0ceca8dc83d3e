"""What can go wrong on the line, one function each: set it as an authority's `trouble`."""

import gzip
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from threading import Event

Trouble = Callable[[BaseHTTPRequestHandler], None]


def raw(status: int, body: bytes, **headers: str) -> Trouble:
    """Answers with these bytes."""

    def trouble(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return trouble


def redirect(to: str) -> Trouble:
    """Sends the question elsewhere."""
    return raw(307, b"", Location=to)


def bomb(handler: BaseHTTPRequestHandler) -> None:
    """Answers with a small body that unfolds to 8 MB of valid JSON."""
    raw(200, gzip.compress(b'{"Response": "' + b"a" * 8_000_000 + b'"}'), Content_Encoding="gzip")(handler)


def silence(until: Event) -> Trouble:
    """Takes the question and says nothing."""

    def trouble(_handler: BaseHTTPRequestHandler) -> None:
        until.wait(5)

    return trouble


def drops(until: Event) -> Trouble:
    """Answers one space at a time, without an end."""

    def trouble(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not until.wait(0.02):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return

    return trouble


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Closes the line without a word."""
    handler.close_connection = True
    handler.connection.close()


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    """Promises more than it says."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"Response": {')
    hang_up(handler)
