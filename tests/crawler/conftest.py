"""What the crawler's tests share: a server that misbehaves, and a net beneath them."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from .server import FaultServer


def _stay_on_loopback(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse any other connection: a test of the address check stays on this machine even when the check is broken."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1"):
            raise PermissionError(f"a test connects to {address}")


sys.addaudithook(_stay_on_loopback)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running
