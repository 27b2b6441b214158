"""The cookies of one host; a jar belongs to it, so they go nowhere else."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

MOST = 30
LONGEST = 4096  # RFC 6265, section 6.1
HEADER = 8 << 10  # what servers take for a header line


@dataclass(frozen=True, slots=True)
class Cookie:
    """A value, the path it is for, whether for https alone, and until when (seconds since 1970)."""

    value: str
    secure: bool
    until: float


@dataclass(slots=True)
class Jar:
    """What the host set, by RFC 6265, section 5, but for `Domain`: no cookie goes to another host of it.

    The standard library's jar is not used: it warns of "bugs" on some headers, and what other text than ASCII
    it takes breaks the next request.
    """

    host: str
    _kept: dict[tuple[str, str], Cookie] = field(default_factory=dict)

    def learn(self, line: str, path: str, now: float) -> None:
        """Take a Set-Cookie header that came with `path`; one that is too long or for another host is dropped."""
        pair, *rest = line.split(";")
        name, equals, value = (part.strip() for part in pair.partition("="))
        said = {key.strip().lower(): text.strip() for key, _, text in (part.partition("=") for part in rest)}
        domain = said.get("domain", "").lower().lstrip(".")
        foreign = domain and self.host != domain and not self.host.endswith("." + domain)
        if not (name and equals and line.isascii()) or len(line) > LONGEST or foreign:
            return
        place = said.get("path", "")
        place = place if place.startswith("/") else path[: path.rfind("/")] or "/"
        self._kept.pop((name, place), None)
        cookie = Cookie(value, "secure" in said, _until(said, now))
        if cookie.until > now:
            self._kept[name, place] = cookie
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]

    def header(self, path: str, secure: bool, now: float) -> str:
        """The Cookie header for a request of `path`: "" if there is nothing to send."""
        wanted = [
            (place, f"{name}={cookie.value}")
            for (name, place), cookie in self._kept.items()
            if cookie.until > now and (secure or not cookie.secure) and _covers(place, path)
        ]
        wanted.sort(key=lambda found: -len(found[0]))
        sent = ""
        for _, pair in wanted:
            longer = f"{sent}; {pair}" if sent else pair
            sent = longer if len(longer) <= HEADER else sent
        return sent


def _covers(place: str, path: str) -> bool:
    """RFC 6265, section 5.1.4: /a covers /a and /a/b, not /ab."""
    return path == place or (path.startswith(place) and (place.endswith("/") or path[len(place)] == "/"))


def _until(said: dict[str, str], now: float) -> float:
    """When it ends; Max-Age goes before Expires, and what cannot be read is as if it were not there."""
    age = said.get("max-age", "")
    if age.removeprefix("-").isdigit():
        return now + float(age[:12])
    try:
        return parsedate_to_datetime(said["expires"]).timestamp()
    except (KeyError, ValueError, TypeError, OverflowError, IndexError):
        return math.inf
