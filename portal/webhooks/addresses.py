"""Where we may be sent by somebody else's address, and where never (SSRF). Pure: names are resolved elsewhere."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

PORTS = frozenset({443, 8443})
# IANA's special-purpose registries (RFC 6890 and its updates), written out: Python's `is_global` differs between versions.
_NEVER_4 = [
    ip_network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
# Of IPv6 only global unicast, without what wraps an IPv4 address (6to4, Teredo) and what stands in books.
_UNICAST_6 = ip_network("2000::/3")
_NEVER_6 = [ip_network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")]
_CLEAN = re.compile(r"[!-~]+", re.ASCII)  # no space, no control character, no other script


class AddressRefused(ValueError):
    """We do not send there; the text is a stable code."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart once: nothing reads the text again."""

    host: str
    port: int
    path: str
    secure: bool

    @property
    def authority(self) -> str:
        """The value of `Host`."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == (443 if self.secure else 80) else f"{shown}:{self.port}"


def read(url: str, *, ports: frozenset[int] = PORTS, loopback: bool = False) -> Target:
    """Returns the parts of an address that may be used; raises AddressRefused. `loopback` lets this machine's own pass, for
    trying things out: any port, and without TLS; where it leads is checked once more when it is resolved."""
    if not _CLEAN.fullmatch(url) or "\\" in url or len(url) > 500:
        raise AddressRefused("url_malformed")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise AddressRefused("url_malformed") from error
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not loopback):
        raise AddressRefused("not_https")
    if parts.username is not None or parts.password is not None or parts.fragment or not host or "%" in host:
        raise AddressRefused("url_malformed")
    port = port or (443 if parts.scheme == "https" else 80)
    if port not in ports and not loopback:
        raise AddressRefused("port_refused")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, path, parts.scheme == "https")


def is_public(address: str) -> bool:
    """Returns whether an IP address belongs to a machine of the public internet, and to no other by way of a wrapped form."""
    found = _parsed(address)
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _NEVER_4)
    if isinstance(found, IPv6Address):
        return found in _UNICAST_6 and not any(found in network for network in _NEVER_6)
    return False


def is_loopback(address: str) -> bool:
    """Returns whether an IP address is this machine's own, written plainly."""
    found = _parsed(address)
    return found is not None and found.is_loopback


def allowed(addresses: list[str], target: Target, *, loopback: bool, ports: frozenset[int] = PORTS) -> str:
    """Returns the address to connect to. Raises AddressRefused unless EVERY one of them may be reached: a name that is half
    ours and half theirs is an attack."""
    if not addresses:
        raise AddressRefused("name_unknown")
    if loopback and all(is_loopback(each) for each in addresses):
        return addresses[0]
    if not all(is_public(each) for each in addresses):
        raise AddressRefused("address_refused")
    if not target.secure:
        raise AddressRefused("not_https")
    if target.port not in ports:
        raise AddressRefused("port_refused")
    return addresses[0]


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
