"""The test switch: names that stand for servers on this machine, each with its host and port.

    FICDEX_LOOPBACK="archive.test=127.0.0.1:8081,other.test=127.0.0.1:8082"

Without it no address that is not global is ever connected to; with it these and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from ..errors import SettingsError
from .reach import Address, Resolver, system

VARIABLE = "FICDEX_LOOPBACK"


def switched(environ: Mapping[str, str]) -> tuple[Resolver, frozenset[Address]]:
    """The resolver, and the (address, port) pairs that may be connected to although they are not global.

    Raises:
        SettingsError: if the variable cannot be understood.
    """
    places: dict[str, Address] = {}
    for entry in filter(None, environ.get(VARIABLE, "").split(",")):
        name, _, place = entry.strip().partition("=")
        address, _, port = place.rpartition(":")
        if not (name and _is_loopback(address) and port.isdecimal()):
            raise SettingsError(f"{VARIABLE}: {entry!r} should read name=127.0.0.1:PORT")
        places[name.lower()] = (address, int(port))

    def resolve(host: str, port: int) -> list[Address]:
        place = places.get(host.lower())
        return [place] if place else system(host, port)

    return resolve, frozenset(places.values())


def _is_loopback(address: str) -> bool:
    """Whether this is an address of this machine, and no name that only begins like one."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
