"""The line to an authority: one POST over TLS, bounded in time and size, whose every fault has a code and tells nothing else."""

import ipaddress
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
import urllib3

CONNECT, READ, WHOLE = 5.0, 15.0, 30.0  # seconds: to connect, between two pieces of the answer, for all of its body
LARGEST = 64 * 1024  # bytes of an answer; the real ones have less than one thousand
_PIECE = 16 * 1024


class Fault(Exception):
    """Nothing usable came back; `code` says why, and the text is the code: what went over the line is never in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the HTTP status, the body, and the headers by their names in small letters."""

    status: int
    body: bytes
    headers: dict[str, str]

    def members(self) -> dict[str, object]:
        """Returns the body as a JSON object. Raises Fault `not_json`, for an error status its number."""
        try:
            read = json.loads(self.body)
        except (ValueError, RecursionError):
            read = None
        if isinstance(read, dict):
            return read
        raise Fault("not_json" if self.status < 400 else f"http_{self.status}") from None


@dataclass(frozen=True, slots=True)
class Line:
    """Where an authority listens. `ca_file` replaces the public certificate authorities, for a gateway of one's own.

    Raises ValueError for an address that is not `https://host[:port][/path]`; `http://` is allowed to this machine only.
    """

    endpoint: str
    ca_file: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname or "")):
            raise ValueError("The address of an authority begins with https://.")
        if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("The address of an authority is a scheme, a host, and at most a port and a path.")

    @property
    def host(self) -> str:
        """Returns host and port as the Host header names them."""
        return urlsplit(self.endpoint).netloc

    @property
    def path(self) -> str:
        """Returns the path that is posted to."""
        return urlsplit(self.endpoint).path or "/"

    def post(self, body: bytes, headers: dict[str, str]) -> Reply:
        """Returns the reply to one POST. Follows no redirect, reads no proxy, netrc or cookie, and decompresses nothing.

        Raises Fault: tls, timeout, unreachable, redirected, too_large, or http_5xx.
        """
        sent = {**headers, "Host": self.host, "Accept": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
        try:
            with requests.Session() as session:
                session.trust_env = False
                return self._posted(session, body, sent)
        except requests.exceptions.SSLError:
            raise Fault("tls") from None
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError):
            raise Fault("timeout") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
            raise Fault("unreachable") from None

    def _posted(self, session: requests.Session, body: bytes, headers: dict[str, str]) -> Reply:
        response = session.post(
            self.endpoint,
            data=body,
            headers=headers,
            timeout=(CONNECT, READ),
            allow_redirects=False,
            stream=True,
            verify=self.ca_file or True,
        )
        with response:
            if 300 <= response.status_code < 400:
                raise Fault("redirected")
            if response.status_code >= 500:
                raise Fault(f"http_{response.status_code}")
            named = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status_code, _bounded(response.raw), named)


def _bounded(raw: urllib3.HTTPResponse) -> bytes:
    ends, whole = time.monotonic() + WHOLE, bytearray()
    while piece := raw.read1(_PIECE):  # what is there, so that an answer in drops does not outlast its time
        whole += piece
        if len(whole) > LARGEST:
            raise Fault("too_large")
        if time.monotonic() > ends:
            raise Fault("timeout")
    return bytes(whole)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
