"""Who may come in: the address that was asked for, the password, and forms that are our own."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import socket
import time
from collections import deque
from dataclasses import dataclass, field
from hashlib import sha256

MOST_SESSIONS = 1_000
TRIES, WINDOW = 10, 60.0
"""Wrong passwords within so many seconds, after which none is looked at."""
COOKIE = "ficdex-session"


@dataclass(slots=True)
class Access:
    """What the server lets in.

    `host` and `port` are where it listens; `password` is asked for if there is one; `read_only` hides and refuses
    corrections. Sessions and the secret behind the forms' tokens live as long as the server.
    """

    host: str = "127.0.0.1"
    port: int = 0
    password: str | None = None
    read_only: bool = False
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _sessions: dict[str, None] = field(default_factory=dict)
    _wrong: deque[float] = field(default_factory=lambda: deque(maxlen=TRIES))

    def knows_host(self, header: str) -> bool:
        """Whether a Host header names this server: a page of another name that resolves here is not let in."""
        name, port = _split(header)
        if port != self.port:
            return False
        if is_wildcard(self.host):
            return _address(name) is not None or name in ("localhost", socket.gethostname().lower())
        return name == self.host.lower() or (is_loopback(self.host) and (name == "localhost" or is_loopback(name)))

    def is_in(self, session: str) -> bool:
        """Whether a session may see the catalogue."""
        return self.password is None or session in self._sessions

    def wait(self) -> float:
        """Seconds until a password may be tried again; 0 if it may now."""
        if len(self._wrong) < TRIES:
            return 0.0
        return max(0.0, self._wrong[0] + WINDOW - time.monotonic())

    def enter(self, password: str) -> str | None:
        """A new session for who says the password; None for a wrong one, or while none is looked at."""
        if self.wait() or self.password is None:
            return None
        if not hmac.compare_digest(password.encode(), self.password.encode()):
            self._wrong.append(time.monotonic())
            return None
        session = new_session()
        self._sessions[session] = None
        while len(self._sessions) > MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        return session

    def leave(self, session: str) -> None:
        """The session is over."""
        self._sessions.pop(session, None)

    def token(self, session: str) -> str:
        """What a form of this session carries, so that no other page can send it."""
        return hmac.new(self._secret, session.encode(), sha256).hexdigest()

    def is_ours(self, session: str, token: str, origin: str | None) -> bool:
        """Whether a form came from one of this server's own pages."""
        own = origin is None or (origin.startswith("http://") and self.knows_host(origin.removeprefix("http://")))
        return own and hmac.compare_digest(token.encode(), self.token(session).encode())


def new_session() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(24)


def _split(header: str) -> tuple[str, int]:
    """Name and port of a Host header; -1 for a port that is none."""
    name, colon, port = header.lower().rpartition(":")
    if not colon or port.endswith("]"):
        name, port = header.lower(), "80"
    return name.strip("[]"), int(port) if port.isascii() and port.isdigit() and len(port) < 6 else -1


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    found = _address(host)
    return host.lower() == "localhost" or bool(found and found.is_loopback)


def is_wildcard(host: str) -> bool:
    """Whether the address stands for all of the machine's."""
    found = _address(host)
    return bool(found and found.is_unspecified)
