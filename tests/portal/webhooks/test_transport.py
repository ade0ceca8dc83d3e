"""One POST to somebody else's address, attacked: rebinding, odd notations, redirects, drops, floods, wrong certificates."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from portal.webhooks import transport
from portal.webhooks.addresses import Target
from tests.receiver import Receiver

HEADERS = {"Content-Type": "application/json"}
ODD = ["127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "0", "localhost", "[::ffff:7f00:1]"]


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = True


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Makes the resolver give these answers, one after the other; returns the names it is asked for."""
    left, asked = list(answers), []

    def resolve(target: Target) -> list[str]:
        asked.append(target.host)
        return left.pop(0)

    monkeypatch.setattr(transport, "resolve", resolve)
    return asked


def connections(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Refuses every connection; returns where they were to go."""
    wanted: list[tuple[str, int]] = []

    def refuse(address: tuple[str, int], **_: Any) -> socket.socket:
        wanted.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return wanted


def test_a_delivery_arrives_as_it_was_signed() -> None:
    with Receiver() as receiver:
        answer = transport.post(receiver.url, b'{"type": "x", "data": {}}', {**HEADERS, "webhook-id": "msg_1"})
    [received] = receiver.received
    assert (answer.status, answer.error, answer.body) == (200, "", b"thanks")
    assert (received.body, received.headers["webhook-id"]) == ('{"type": "x", "data": {}}', "msg_1")
    assert received.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert 0 <= answer.latency < 5000


@pytest.mark.parametrize("host", ODD)
def test_this_machine_is_not_reached_by_any_spelling(host: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_LOOPBACK = False
    wanted = connections(monkeypatch)
    assert transport.post(f"https://{host}/", b"{}", HEADERS).error in ("address_refused", "name_unknown")
    assert wanted == []


def test_a_name_that_points_elsewhere_a_moment_later_changes_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_LOOPBACK = False
    asked, wanted = names(monkeypatch, ["1.1.1.1"], ["127.0.0.1"]), connections(monkeypatch)
    assert transport.post("https://rebind.example.com/", b"{}", HEADERS).error == "connection_failed"
    assert (asked, wanted) == (["rebind.example.com"], [("1.1.1.1", 443)])  # asked once, and dialled as answered
    assert transport.post("https://rebind.example.com/", b"{}", HEADERS).error == "address_refused"
    assert wanted == [("1.1.1.1", 443)]


def test_a_name_with_one_inner_address_is_refused_before_any_connection(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_LOOPBACK = False
    names(monkeypatch, ["1.1.1.1", "10.0.0.5"])
    wanted = connections(monkeypatch)
    assert transport.post("https://half.example.com/", b"{}", HEADERS).error == "address_refused"
    assert wanted == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_is_a_failure_and_never_followed(status: int) -> None:
    with Receiver() as inner:
        places = ["http://169.254.169.254/latest/meta-data/", inner.url]
        for place in places:
            with Receiver(answer=lambda _r, place=place: (status, {"Location": place}, b"")) as receiver:  # type: ignore[misc]
                answer = transport.post(receiver.url, b"{}", HEADERS)
            assert (answer.status, answer.delivered, len(receiver.received)) == (status, False, 1)
    assert inner.received == []


def drip(part: bytes) -> Callable[[BaseHTTPRequestHandler, Event], None]:
    """Sends one byte at a time, each well before a timeout of its own would end it."""

    def trouble(handler: BaseHTTPRequestHandler, closing: Event) -> None:
        for byte in part:
            if closing.wait(0.05):
                return
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()

    return trouble


@pytest.mark.parametrize(
    "part",
    [b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000, b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000],
    ids=["head", "body"],
)
def test_an_answer_by_drops_ends_with_the_deadline(part: bytes) -> None:
    with Receiver(trouble=drip(part)) as receiver:
        started = time.monotonic()
        answer = transport.post(receiver.url, b"{}", HEADERS, deadline=0.3)
    assert (answer.status, answer.error) == (None, "timed_out")
    assert time.monotonic() - started < 2


def flood(start: bytes, more: bytes) -> Callable[[BaseHTTPRequestHandler, Event], None]:
    """Sends without end."""

    def trouble(handler: BaseHTTPRequestHandler, closing: Event) -> None:
        handler.wfile.write(start)
        while not closing.is_set():
            handler.wfile.write(more)

    return trouble


def test_of_a_huge_answer_a_kilobyte_is_read() -> None:
    with Receiver(trouble=flood(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b"x" * 65536)) as receiver:
        answer = transport.post(receiver.url, b"{}", HEADERS, deadline=3)
    assert (answer.status, len(answer.body)) == (200, 1024)


def test_of_huge_headers_no_more_than_an_answer_may_have_is_read() -> None:
    with Receiver(trouble=flood(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 8000 + b"\r\n")) as receiver:
        answer = transport.post(receiver.url, b"{}", HEADERS, deadline=3)
    assert (answer.status, answer.error) == (None, "answer_too_large")


def test_what_is_not_http_is_a_failure() -> None:
    def trouble(handler: BaseHTTPRequestHandler, closing: Event) -> None:
        handler.wfile.write(b"220 mail.example.com ESMTP\r\n")

    with Receiver(trouble=trouble) as receiver:
        assert transport.post(receiver.url, b"{}", HEADERS, deadline=3).error == "not_http"


def test_a_header_with_a_line_break_is_not_sent() -> None:
    with Receiver() as receiver:
        answer = transport.post(receiver.url, b"{}", {**HEADERS, "X-Name": "a\r\nX-Injected: 1"})
    assert (answer.error, receiver.received) == ("url_malformed", [])


def test_a_proxy_of_the_environment_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with Receiver() as receiver:
        assert transport.post(receiver.url, b'{"data": {}}', HEADERS).delivered


@pytest.mark.parametrize(("value", "seconds"), [("120", 120), ("soon", None), ("-5", None), ("", None), ("9" * 40, None)])
def test_retry_after_is_read_in_seconds(value: str, seconds: int | None) -> None:
    with Receiver(answer=lambda _r: (503, {"Retry-After": value}, b"")) as receiver:
        assert transport.post(receiver.url, b"{}", HEADERS).retry_after == seconds


def test_retry_after_is_read_as_a_date_too() -> None:
    with Receiver(answer=lambda _r: (503, {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}, b"")) as receiver:
        found = transport.post(receiver.url, b"{}", HEADERS).retry_after
    assert found is not None
    assert found > 10**8


def certificate(folder: Path, name: str) -> Path:
    """Returns a file with a key and its own certificate for the name."""
    key, called = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(tz=UTC)
    builder = x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key()).serial_number(7)
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    signed = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "chain.pem").write_bytes(secret + signed.public_bytes(Encoding.PEM))
    return folder / "chain.pem"


@pytest.fixture
def tls(tmp_path: Path, settings: Any) -> ssl.SSLContext:
    """A server's side of TLS as hooks.example.com, by an authority that the settings name."""
    chain = certificate(tmp_path, "hooks.example.com")
    settings.WEBHOOK_CA_FILE = str(chain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


def test_the_certificate_is_checked_against_the_name_not_the_address(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, ["127.0.0.1"], ["127.0.0.1"])
    with Receiver(tls=tls) as receiver:
        good = transport.post(f"https://hooks.example.com:{receiver.port}/", b'{"data": {}}', HEADERS)
        other = transport.post(f"https://other.example.com:{receiver.port}/", b"{}", HEADERS)
    assert (good.status, good.error) == (200, "")
    assert (other.status, other.error) == (None, "certificate_refused")
    assert receiver.received[0].headers["host"] == f"hooks.example.com:{receiver.port}"


def test_an_unknown_authority_is_not_trusted(tls: ssl.SSLContext, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_CA_FILE = ""
    names(monkeypatch, ["127.0.0.1"])
    with Receiver(tls=tls) as receiver:
        assert transport.post(f"https://hooks.example.com:{receiver.port}/", b"{}", HEADERS).error == "certificate_refused"


@pytest.fixture
def proxy() -> Iterator[tuple[int, list[bytes]]]:
    """An egress proxy that refuses; its port and what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            line, _address = door.accept()
            with line:
                asked.append(line.recv(4096))
                line.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

        Thread(target=serve, daemon=True).start()
        yield door.getsockname()[1], asked


def test_the_egress_proxy_is_asked_for_the_address_that_was_checked(
    proxy: tuple[int, list[bytes]], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, asked = proxy
    settings.WEBHOOK_EGRESS_PROXY = f"http://127.0.0.1:{port}"
    names(monkeypatch, ["1.1.1.1"])
    answer = transport.post("https://hooks.example.com/", b"{}", HEADERS, deadline=3)
    assert answer.error == "proxy_refused"
    assert asked[0].startswith(b"CONNECT 1.1.1.1:443 HTTP/1.1\r\n")
