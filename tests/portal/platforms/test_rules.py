"""Codes, networks, addresses and the headers of a limit: pure values."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import networks
from portal.accounts.rules import read_networks
from portal.kit import limits
from portal.kit.addresses import address_of
from portal.kit.limits import Quota
from portal.platforms import rules


@pytest.mark.parametrize("code", ["river-video", "abc", "tv5", "a1-b2-c3"])
def test_a_plain_code_is_fine(code: str) -> None:
    assert rules.code_problem(code, ["demo-live"]) == ""


@pytest.mark.parametrize("code", ["", "ab", "River", "river_video", "-river", "river-", "ri--ver", "1river", "рiver", "x" * 41, "a b c"])
def test_a_code_has_one_form(code: str) -> None:
    assert rules.code_problem(code, [])


@pytest.mark.parametrize("code", ["admin", "gate", "g0v", "gov", "sandb0x", "officia1"])
def test_no_platform_seems_to_be_the_registry(code: str) -> None:
    assert rules.code_problem(code, [])


@pytest.mark.parametrize("code", ["demo-live", "dem0-live", "demo-1ive", "demolive", "derno-live", "demo-iive"])
def test_no_platform_looks_like_another(code: str) -> None:
    assert rules.code_problem(code, ["demo-live"])


@pytest.mark.parametrize(
    ("name", "code"), [("River Video!", "river-video"), ("Café 5", "cafe-5"), ("星河", ""), ("5", ""), ("99 Balloons", "balloons")]
)
def test_a_code_is_suggested_where_the_name_has_letters(name: str, code: str) -> None:
    assert rules.suggested(name) == code


@given(st.text(max_size=60))
def test_whatever_is_suggested_has_the_form(name: str) -> None:
    code = rules.suggested(name)
    assert not code or rules.code_problem(code, []) in ("", str(rules.code_problem("admin", [])))


@given(st.ip_addresses(), st.data())
def test_an_address_is_in_its_own_networks_and_in_no_other(address: Any, data: Any) -> None:
    width = data.draw(st.integers(0, address.max_prefixlen))
    own = str(ipaddress.ip_network(f"{address}/{width}", strict=False))
    assert networks.allow([networks.canonical(own)], str(address)) or getattr(address, "ipv4_mapped", None)
    outside = ipaddress.ip_address(int(address) ^ 1)
    assert not networks.allow([str(address)], str(outside)) or getattr(outside, "ipv4_mapped", None)


def test_networks_are_kept_once_in_one_form() -> None:
    assert read_networks([" 203.0.113.7 ", "203.0.113.7/32", "2001:DB8::/32", ""]) == ["203.0.113.7/32", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "known"),
    [
        (0, "198.51.100.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", ""),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_tell_where_a_request_comes_from(settings: Any, proxies: int, forwarded: str, known: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert address_of({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}) == known


def test_a_limit_is_told_as_the_draft_writes_it() -> None:
    quota = Quota("minute", 600, 60)
    assert limits.headers(quota, 599.4, 0.1) == {"RateLimit-Policy": '"minute";q=600;w=60', "RateLimit": '"minute";r=599;t=1'}
    assert limits.headers(quota, 0.9, 0)["Retry-After"] == "1"
