"""One POST to an address that somebody else chose. Resolved once, every answer checked, and the connection goes to what was
checked: a name that points elsewhere a moment later changes nothing. No redirect, cookie or proxy of the environment; the
answer is bounded in bytes, and the whole exchange in time.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings

from portal.kit import clock
from portal.webhooks.addresses import PORTS, AddressRefused, Target, allowed, is_loopback, read
from portal.webhooks.rules import Answer

DEADLINE = 15.0  # seconds for everything but the resolver, which has its own
ANSWER_BYTES = 64 * 1024  # with the headers; of the body a KB is kept
BODY_KEPT = 1024


class _Exhausted(OSError):
    """More than an answer may have."""


class _Line(io.RawIOBase):
    """The receiving side: each read gets what is left of the time and of the bytes, so that drops do not add up to hours."""

    def __init__(self, line: socket.socket, ends: float) -> None:
        self._line, self._ends, self._left = line, ends, ANSWER_BYTES

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Returns how many bytes were read; raises TimeoutError or _Exhausted."""
        if self._left <= 0:
            raise _Exhausted
        self._line.settimeout(_left(self._ends))
        count = self._line.recv_into(memoryview(buffer)[: self._left])
        self._left -= count
        return count


class _Receiver:
    """What `http.client` reads an answer from."""

    def __init__(self, line: socket.socket, ends: float) -> None:
        self._line, self._ends = line, ends

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Returns the bounded side."""
        return io.BufferedReader(_Line(self._line, self._ends))


def may_loop() -> bool:
    """Returns whether this machine's own addresses may be used: in the demonstration, and where it is set."""
    return bool(settings.WEBHOOK_LOOPBACK)


def ports() -> frozenset[int]:
    """Returns the ports that may be used."""
    return PORTS | {int(each) for each in settings.WEBHOOK_PORTS}


def post(url: str, body: bytes, headers: Mapping[str, str], *, deadline: float = DEADLINE) -> Answer:
    """Returns what came of it; never raises for what the other side does. `deadline` in seconds."""
    started = time.monotonic()
    try:
        target = read(url, ports=ports(), loopback=may_loop())
        address = allowed(resolve(target), target, loopback=may_loop(), ports=ports())
        answer = _exchange(target, address, body, headers, time.monotonic() + deadline)
    except (AddressRefused, OSError, http.client.HTTPException, UnicodeError) as error:
        answer = Answer(error=_code(error))
    spent = round((time.monotonic() - started) * 1000)
    return Answer(answer.status, answer.error, spent, answer.body, answer.retry_after)


def resolve(target: Target) -> list[str]:
    """Returns every address of the name, each once. Raises OSError for a name that has none."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def _exchange(target: Target, address: str, body: bytes, headers: Mapping[str, str], ends: float) -> Answer:
    with _connected(target, address, ends) as line:
        line.settimeout(_left(ends))
        line.sendall(_request(target, body, headers))
        response = http.client.HTTPResponse(cast(socket.socket, _Receiver(line, ends)), method="POST")
        response.begin()
        kept = response.read(BODY_KEPT)
        return Answer(response.status, body=kept, retry_after=_seconds(response.headers.get("Retry-After", "")))


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = {"Host": target.authority, "Content-Length": str(len(body)), "Connection": "close", **headers}
    head = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items())]
    if any("\r" in line or "\n" in line for line in head):
        raise AddressRefused("url_malformed")
    return "\r\n".join([*head, "", ""]).encode("ascii") + body


def _connected(target: Target, address: str, ends: float) -> socket.socket:
    """The certificate is checked against the name, though the connection goes to the address."""
    line = _dialled(target, address, ends)
    if not target.secure:
        return line
    try:
        line.settimeout(_left(ends))
        return _tls().wrap_socket(line, server_hostname=target.host)
    except BaseException:
        line.close()
        raise


def _dialled(target: Target, address: str, ends: float) -> socket.socket:
    """The egress proxy, if there is one, is asked for the address that was checked, not for the name: two checks stand."""
    proxy = urlsplit(settings.WEBHOOK_EGRESS_PROXY)
    if not proxy.hostname or is_loopback(address):
        return socket.create_connection((address, target.port), timeout=_left(ends))
    line = socket.create_connection((proxy.hostname, proxy.port or 3128), timeout=_left(ends))
    try:
        shown = f"[{address}]:{target.port}" if ":" in address else f"{address}:{target.port}"
        line.sendall(f"CONNECT {shown} HTTP/1.1\r\nHost: {shown}\r\n\r\n".encode("ascii"))
        if _proxy_status(line, ends) != 200:
            raise AddressRefused("proxy_refused")
    except BaseException:
        line.close()
        raise
    return line


def _proxy_status(line: socket.socket, ends: float) -> int:
    """Read byte by byte: what follows the proxy's answer belongs to TLS."""
    head = b""
    while not head.endswith(b"\r\n\r\n") and len(head) < 4096:
        line.settimeout(_left(ends))
        byte = line.recv(1)
        if not byte:
            break
        head += byte
    status = head.partition(b" ")[2][:3]
    return int(status) if status.isdigit() else 0


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.WEBHOOK_CA_FILE or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _seconds(text: str) -> int | None:
    """Retry-After in seconds, whichever of its two forms came (RFC 9110 §10.2.3); None for anything else."""
    if text.isascii() and text.isdigit() and len(text) < 8:
        return int(text)
    try:
        return max(0, round((parsedate_to_datetime(text) - clock.now()).total_seconds()))
    except (ValueError, TypeError):
        return None


def _code(error: Exception) -> str:
    """The stable name of what went wrong: an exception's own words may tell of our network."""
    if isinstance(error, AddressRefused):
        return str(error)
    kinds: list[tuple[type[Exception], str]] = [
        (_Exhausted, "answer_too_large"),
        (TimeoutError, "timed_out"),
        (ssl.SSLCertVerificationError, "certificate_refused"),
        (ssl.SSLError, "tls_failed"),
        (socket.gaierror, "name_unknown"),
        (http.client.HTTPException, "not_http"),
        (ConnectionError, "connection_failed"),
    ]
    return next((code for kind, code in kinds if isinstance(error, kind)), "unreachable")
