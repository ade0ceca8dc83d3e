"""The line fails closed: whatever happens on it becomes `unavailable` with a cause, in bounded time and memory."""

import datetime as dt
import ipaddress
import logging
import ssl
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.authorities import troubles
from tests.authorities.network_id import NetworkId as NetworkIdServer
from tests.verification.authority.conftest import CREDENTIAL, NAME, NUMBER, QUESTION, Pair
from verification.engines.authority import line
from verification.engines.authority.line import Line
from verification.engines.authority.network_id import NetworkId
from verification.engines.authority.protocol import Outcome

ECHO = f'{{"Code": "{NUMBER}", "Message": "{NAME}"'.encode()


@pytest.mark.parametrize(
    ("trouble", "cause"),
    [
        (troubles.raw(500, b"{}"), "http_500"),
        (troubles.raw(503, ECHO), "http_503"),
        (troubles.raw(404, ECHO), "http_404"),
        (troubles.raw(200, b""), "not_json"),
        (troubles.raw(200, ECHO), "not_json"),
        (troubles.raw(200, b"[" * 60_000), "not_json"),
        (troubles.raw(200, b"\xff\xfe\xfa"), "not_json"),
        (troubles.raw(200, b'"text"'), "not_json"),
        (troubles.raw(200, b"1" * 5000), "not_json"),
        (troubles.raw(200, b" " * (line.LARGEST + 1)), "too_large"),
        (troubles.bomb, "not_json"),
        (troubles.hang_up, "unreachable"),
        (troubles.cut_short, "unreachable"),
    ],
)
def test_whatever_comes_back_it_is_unavailable_with_a_cause(
    each: Pair, trouble: troubles.Trouble, cause: str, caplog: pytest.LogCaptureFixture
) -> None:
    server, authority = each
    server.trouble = trouble
    with caplog.at_level(logging.DEBUG):
        answer = authority.ask(QUESTION)
    assert (answer.outcome, answer.code, answer.retryable) == (Outcome.UNAVAILABLE, cause, True)
    assert f"Authority {authority.code} is unavailable: {cause}" in caplog.text
    assert not any(each in caplog.text + repr(answer) for each in (NAME, NUMBER, CREDENTIAL))


MATCHES = {
    "tencent": b'{"Response": {"Result": "0", "RequestId": "f904f4cf-75db"}}',
    "alibaba": b'{"Code": "200", "ResultObject": {"BizCode": "1"}}',
    "network_id": b'{"result": "passed", "pseudonym": "pid-7f3a91c2"}',
}


@pytest.mark.parametrize("status", [201, 206, 400, 403, 404, 429])
def test_a_match_under_another_status_than_200_passes_nobody(each: Pair, status: int) -> None:
    server, authority = each
    server.trouble = troubles.raw(status, MATCHES[authority.code])
    answer = authority.ask(QUESTION)
    assert (answer.outcome, answer.retryable) == (Outcome.UNAVAILABLE, True)


def test_silence_ends_with_the_timeout(each: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    server, authority = each
    monkeypatch.setattr(line, "READ", 0.1)
    server.trouble = troubles.silence(server.closing)
    began = time.monotonic()
    assert authority.ask(QUESTION).code == "timeout"
    assert time.monotonic() - began < 2


def test_an_answer_in_drops_does_not_outlast_its_time(each: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    server, authority = each
    monkeypatch.setattr(line, "WHOLE", 0.2)
    server.trouble = troubles.drops(server.closing)
    began = time.monotonic()
    assert authority.ask(QUESTION).code == "timeout"
    assert time.monotonic() - began < 2


def test_a_redirect_is_not_followed(each: Pair) -> None:
    server, authority = each
    with NetworkIdServer() as elsewhere:
        server.trouble = troubles.redirect(elsewhere.address)
        assert authority.ask(QUESTION).code == "redirected"
        assert (len(server.received), elsewhere.received) == (1, [])


def test_nobody_listening_is_unreachable() -> None:
    with NetworkIdServer() as gone:
        address = gone.address
    answer = NetworkId(Line(address), "site", "secret").ask(QUESTION)
    assert (answer.outcome, answer.code, answer.retryable) == (Outcome.UNAVAILABLE, "unreachable", True)


def test_neither_a_proxy_nor_a_netrc_of_the_environment_is_used(each: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server, authority = each
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login mallory password x\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert authority.ask(QUESTION).outcome is Outcome.MATCH
    assert not server.received[0].headers.get("authorization", "").startswith("Basic")


@pytest.mark.parametrize(
    "address",
    [
        "http://faceid.tencentcloudapi.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "ftp://faceid.tencentcloudapi.com",
        "faceid.tencentcloudapi.com",
        "https://",
        "https://user:password@faceid.tencentcloudapi.com",
        "https://faceid.tencentcloudapi.com/?to=elsewhere",
        "",
    ],
)
def test_a_line_in_clear_or_an_address_with_more_than_a_host_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address of an authority"):
        Line(address)


@pytest.mark.parametrize(
    "address", ["https://faceid.tencentcloudapi.com", "http://127.0.0.1:9", "http://localhost:9/ask", "http://[::1]:9"]
)
def test_tls_and_this_machine_are_taken(address: str) -> None:
    assert Line(address).host


def certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """Returns a TLS server's side for 127.0.0.1 and the file of the authority that vouches for it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    builder = builder.not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + dt.timedelta(hours=1))
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    public = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "both.pem").write_bytes(public + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / "ca.pem").write_bytes(public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context, str(folder / "ca.pem")


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_said(tmp_path: Path) -> None:
    context, ca_file = certificate(tmp_path)
    with NetworkIdServer(credentials={CREDENTIAL: "pid-7f3a91c2"}, tls=context) as server:
        address = f"https://{server.host}"
        answer = NetworkId(Line(address), "site", "the-gateway-secret").ask(QUESTION)
        assert (answer.outcome, answer.code, server.received) == (Outcome.UNAVAILABLE, "tls", [])
        assert NetworkId(Line(address, ca_file), "site", "the-gateway-secret").ask(QUESTION).outcome is Outcome.MATCH


def test_a_missing_certificate_file_is_a_fault_of_the_line() -> None:
    assert NetworkId(Line("https://127.0.0.1:9", "/no/such/file.pem"), "site", "secret").ask(QUESTION).code == "unreachable"
