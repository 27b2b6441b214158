"""The server: binds, says where it is, and serves until it is stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from ..errors import SettingsError
from .access import Access, is_loopback
from .app import create
from .shelf import prepared

WAITING = 64
"""Requests that may be under way; more are told to come later."""


def serve(path: Path, access: Access, started: Callable[[str], None]) -> None:
    """Serve the catalogue at `path` until Ctrl-C; `started` hears the address.

    Raises:
        SettingsError: if the address cannot be listened at, or is open to others and has no password.
        CatalogError: if the catalogue cannot be opened.
    """
    if not access.password and not is_loopback(access.host):
        raise SettingsError(
            f"{access.host} can be reached from other machines: say --password-file FILE, or leave --host out"
        )
    prepared(path)
    with _bound(access) as listening:
        access.port = int(listening.getsockname()[1])
        config = uvicorn.Config(
            create(path, access), log_level="warning", access_log=False, proxy_headers=False, server_header=False,
            limit_concurrency=WAITING, timeout_graceful_shutdown=3,
        )  # fmt: skip
        host = f"[{access.host}]" if ":" in access.host else access.host
        started(f"http://{host}:{access.port}/")
        uvicorn.Server(config).run(sockets=[listening])


def _bound(access: Access) -> socket.socket:
    family = socket.AF_INET6 if ":" in access.host else socket.AF_INET
    try:
        return socket.create_server((access.host, access.port), family=family)
    except OSError as problem:
        raise SettingsError(
            f"{access.host}:{access.port}: {problem.strerror or problem}; choose another --port, or 0 for any"
        ) from problem
