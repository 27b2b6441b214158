"""Which addresses the crawler may connect to, and names resolved in bounded time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network, ip_address

Address = tuple[str, int]
"""An IP address as text, and a port."""

Resolver = Callable[[str, int], list[Address]]
"""Host and port of a URL -> the addresses to connect to; raises OSError for a name that nobody has."""

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address for hosts that have IPv6 alone
UNICAST = IPv6Network("2000::/3")  # all that IANA gives out; outside are loopback, site-local and the unassigned


def system(host: str, port: int) -> list[Address]:
    """The system's resolver. Decimal, octal and hexadecimal forms of an address come out as plain ones."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(where[0]), int(where[1])) for *_, where in found))


def within(seconds: float, resolve: Resolver, host: str, port: int) -> list[Address]:
    """What `resolve` says, in `seconds` of the world: getaddrinfo has no timeout of its own.

    Raises:
        TimeoutError: if it takes longer; its thread is left behind and ends with it.
        OSError, UnicodeError: what `resolve` raises; UnicodeError for a label that no DNS name can have.
    """
    answer: Future[list[Address]] = Future()

    def ask() -> None:
        try:
            answer.set_result(resolve(host, port))
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    return answer.result(timeout=seconds)


def is_public(ip: str) -> bool:
    """Whether this is an address of the open internet; one that wraps an IPv4 address is judged by what it wraps.

    By the IANA registries as `ipaddress` has them, less multicast, reserved and IPv6 outside of 2000::/3. An
    address with a scope (fe80::1%eth0) is none.
    """
    try:
        address = ip_address(ip)
    except (AddressValueError, ValueError):
        return False
    if isinstance(address, IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved)
    inner = _wrapped(address)
    if inner is not None:
        return is_public(str(inner))
    return address.is_global and address in UNICAST and address.scope_id is None


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to `address` end up at: mapped, NAT64, 6to4, Teredo."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def refused(addresses: Iterable[Address], allowed: Collection[Address]) -> Address | None:
    """The first address that must not be connected to: one is enough to distrust the name that has it."""
    return next((a for a in addresses if a not in allowed and not is_public(a[0])), None)


def as_literal(host: str, port: int) -> list[Address]:
    """The address that `host` is in itself, in any notation, without a question to DNS; [] for a name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [(str(where[0]), int(where[1])) for *_, where in found]
