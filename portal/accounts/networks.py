"""From which addresses a credential may be used. Pure."""

import ipaddress
from collections.abc import Collection

MOST = 20  # networks of one credential


def canonical(text: str) -> str:
    """Returns an IPv4 or IPv6 address or network in its one written form.

    Raises ValueError for anything else, also for a network with bits behind its mask: those are typing errors.
    """
    return str(ipaddress.ip_network(text.strip()))


def allow(networks: Collection[str], address: str) -> bool:
    """Returns whether the address lies in one of the networks; no networks let every address in, an unreadable one never."""
    if not networks:
        return True
    try:
        read: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(read, ipaddress.IPv6Address) and read.ipv4_mapped:
        read = read.ipv4_mapped
    return any(read in ipaddress.ip_network(each) for each in networks)
