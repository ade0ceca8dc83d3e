"""Where webhooks may go: every special-purpose range, every odd notation, every trick with the address itself."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.webhooks.addresses import AddressRefused, allowed, is_public, read

PRIVATE_4 = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24"),
    *("192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
)
PRIVATE_6 = (
    *("::/128", "::1/128", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32"),
    *("2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
)
ODD = [
    *("127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "017700000001", "127.0.0.1.", "::ffff:127.0.0.1", "::127.0.0.1"),
    *("0", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0", "0:0:0:0:0:ffff:7f00:1", "169.254.169.254", "fd00:ec2::254"),
]
GOOD = "https://hooks.example.com/in?x=1"


@given(st.sampled_from(PRIVATE_4).flatmap(lambda net: st.ip_addresses(network=ip_network(net))))
def test_no_address_of_a_special_range_is_public(address: IPv4Address) -> None:
    assert not is_public(str(address))
    assert not is_public(f"::ffff:{address}")


@given(st.sampled_from(PRIVATE_6).flatmap(lambda net: st.ip_addresses(network=ip_network(net))))
def test_no_address_of_a_special_range_of_ipv6_is_public(address: IPv6Address) -> None:
    assert not is_public(str(address))


@given(st.ip_addresses())
def test_we_never_call_public_what_python_calls_private(address: IPv4Address | IPv6Address) -> None:
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2400:3200::1"])
def test_what_is_public_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ODD)
def test_an_odd_notation_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.com/", "not_https"),
        ("ftp://hooks.example.com/", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("gopher://127.0.0.1:6379/_SET", "not_https"),
        ("https://user:secret@hooks.example.com/", "url_malformed"),
        ("https://hooks.example.com@127.0.0.1/", "url_malformed"),
        ("https://@127.0.0.1/", "url_malformed"),
        ("https://hooks.example.com\\@127.0.0.1/", "url_malformed"),
        ("https://hooks.example.com/#@127.0.0.1", "url_malformed"),
        ("https://hooks.example.com/\r\nX-Injected: 1", "url_malformed"),
        ("https://hooks.example.com/\nHost: inner", "url_malformed"),
        ("https://hooks.example.com/ HTTP/1.1", "url_malformed"),
        ("https://hooks.example.com\t/", "url_malformed"),
        ("https://127。0。0。1/", "url_malformed"),
        ("https://①②⑦.0.0.1/", "url_malformed"),
        ("https://[fe80::1%25eth0]/", "url_malformed"),
        ("https://[::1", "url_malformed"),
        ("https:///path", "url_malformed"),
        ("https://hooks.example.com:99999/", "url_malformed"),
        ("https://hooks.example.com:22/", "port_refused"),
        ("https://hooks.example.com:6379/", "port_refused"),
        ("https://hooks.example.com/" + "x" * 500, "url_malformed"),
    ],
)
def test_an_address_with_a_trick_is_refused(url: str, code: str) -> None:
    with pytest.raises(AddressRefused, match=code):
        read(url)


def test_a_good_address_is_taken_apart() -> None:
    target = read(GOOD)
    assert (target.host, target.port, target.path, target.authority) == ("hooks.example.com", 443, "/in?x=1", "hooks.example.com")
    assert read("https://h.example.com:8443").authority == "h.example.com:8443"
    assert read("https://[2606:4700::1]/").authority == "[2606:4700::1]"


@pytest.mark.parametrize("bad", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", "169.254.169.254"])
def test_one_bad_address_among_good_ones_refuses_them_all(bad: str) -> None:
    with pytest.raises(AddressRefused, match="address_refused"):
        allowed(["1.1.1.1", bad], read(GOOD), loopback=False)
    with pytest.raises(AddressRefused, match="address_refused"):
        allowed(["1.1.1.1", bad], read(GOOD), loopback=True)


def test_loopback_opens_nothing_but_loopback() -> None:
    plain = read("http://hooks.example.com:80/", loopback=True)
    assert allowed(["127.0.0.1", "::1"], plain, loopback=True) == "127.0.0.1"
    for addresses, code in ((["1.1.1.1"], "not_https"), (["10.0.0.1"], "address_refused"), ([], "name_unknown")):
        with pytest.raises(AddressRefused, match=code):
            allowed(addresses, plain, loopback=True)
    with pytest.raises(AddressRefused, match="port_refused"):
        allowed(["1.1.1.1"], read("https://h.example.com:22/", loopback=True), loopback=True)
