"""Which addresses may be connected to."""

from __future__ import annotations

import threading
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.crawler.reach import as_literal, is_public, refused, within


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "192.0.2.1", "192.168.0.1", "198.18.0.1", "203.0.113.7", "224.0.0.1", "239.1.1.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1",
        "64:ff9b:1::1", "100::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "fc00::1", "fd12::1",
        "fe80::1", "fe80::1%eth0", "2a00:1450::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "4000::1", "name", "",
    ],
)  # fmt: skip
def test_what_is_not_the_open_internet_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "ip", ["93.184.215.14", "8.8.8.8", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_the_open_internet_is_public(ip: str) -> None:
    assert is_public(ip)


@given(st.integers(0, 2**32 - 1))
def test_an_address_is_no_safer_for_being_wrapped(number: int) -> None:
    plain = is_public(str(IPv4Address(number)))
    for wrapped in ((0xFFFF << 32) + number, (0x64FF9B << 96) + number, (0x2002 << 112) + (number << 80)):
        assert is_public(str(IPv6Address(wrapped))) == plain
    teredo = (0x20010000 << 96) + (number ^ 0xFFFFFFFF)
    assert is_public(str(IPv6Address(teredo))) == plain


def test_only_the_allowed_port_of_a_private_address_is_allowed() -> None:
    allowed = {("127.0.0.1", 8000)}
    assert refused([("127.0.0.1", 8000)], allowed) is None
    assert refused([("127.0.0.1", 8000), ("127.0.0.1", 8001)], allowed) == ("127.0.0.1", 8001)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_an_address_is_known_in_every_notation(host: str) -> None:
    assert as_literal(host, 80) == [("127.0.0.1", 80)]
    assert as_literal("a" * 70 + ".test", 80) == []


def test_a_name_is_not_waited_for_longer_than_said() -> None:
    hold = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.05, lambda host, port: [(host, port)] if hold.wait(20) else [], "a.test", 80)
    hold.set()
