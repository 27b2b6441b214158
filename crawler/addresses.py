"""URLs under one name each: what may be asked for, whose host it is, and what looks like a trap.

What is the same page for a whole engine is a rule of its site (sites/); here stands what holds everywhere. Most
of a query stays as it is: a library that dropped `sid=12` would find one story in an eFiction archive.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import idna

from ..errors import AddressError
from ..lexicon import phrases
from .sites import Target, sites

LONGEST = 2_000
"""Characters of a URL; a sitemap's may have 2,048 (sitemaps.org), and no page of a story comes near."""
DEEPEST = 12
"""Segments of a path; a chapter within a collection of AO3 has 6."""
REPEATS = 3
"""Times that a path may not name the same segment: relative links that a page gets wrong pile them up."""
MOST_PARAMETERS = 12
"""Parameters of a query; a printable eFiction story has 4, forms that combine filters without end have more."""
WRAPPED = "%2525"
"""A percent sign encoded three times: a login page that takes its own address into the next one."""

_PORTS = {"http": 80, "https": 443}
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:]*)(?::(.*))?")
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH = "/!$&'()*+,;=:@%"
_IN_QUERY = _IN_PATH + "?"
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_LONGEST_HOST = 253
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DIGEST = re.compile("[0-9A-Fa-f]{32}")
_PART_OF_DATE = re.compile(r"\d{1,2}")


def canonical(url: str, base: str = "") -> str:
    """The one form of an absolute http(s) URL (RFC 3986, 6.2.2), without its fragment and what names the visit.

    A relative `url` is resolved against `base`, itself absolute. Backslashes before the query are slashes, as
    browsers have it. `canonical(canonical(url)) == canonical(url)`.

    Raises:
        AddressError: in plain words, for what is no such URL, names a user, or is longer than LONGEST.
    """
    text = url.strip().partition("#")[0]
    if _CONTROLS.search(text):
        raise _refused(url, "it contains control characters; copy it anew from the address bar")
    try:
        parts = urlsplit(urljoin(base, _slashes(text)))
    except ValueError as problem:
        raise _refused(url, "its host is no valid name; check it for a typing error") from problem
    if parts.scheme not in _PORTS:
        raise _refused(url, _unknown_scheme(parts.scheme))
    path = _without_dots(_without_sessions(_escaped(parts.path, _IN_PATH)))
    query = "&".join(p for p in _escaped(parts.query, _IN_QUERY).split("&") if not _names_visit(p))
    found = urlunsplit((parts.scheme, _authority(parts.netloc, parts.scheme, url), path, query, ""))
    if len(found) > LONGEST:
        raise _refused(url, f"it is longer than {LONGEST:,} characters; no page of a story is")
    return found


def authority(url: str) -> str:
    """The host of a canonical URL, with the port when it is not its scheme's own: one slot, whatever the scheme."""
    return urlsplit(url).netloc


def robots_url(url: str) -> str:
    """Where the rules for a canonical URL lie (RFC 9309, 2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def domains(authority: str) -> Iterator[str]:
    """An authority, its host without the port, and each domain that this is a part of, the nearest first."""
    yield authority
    host = re.sub(r":\d+$", "", authority)
    if host != authority:
        yield host
    while "." in host:
        host = host.partition(".")[2]
        yield host


def resolve(url: str, base: str = "") -> Target:
    """A URL as the rules of its site see it, or its canonical form as a page of unknown kind.

    Raises:
        AddressError: as `canonical`.
    """
    canon = canonical(url, base)
    parts = urlsplit(canon)
    return next((target for site in sites() if (target := site.target(parts))), Target(canon))


def trap(url: str) -> str | None:
    """Why a canonical URL looks like one of endlessly many; None if it does not."""
    parts = urlsplit(url)
    segments = [s for s in parts.path.split("/") if s]
    if len(segments) > DEEPEST:
        return f"its path is more than {DEEPEST} deep"
    times = Counter(s for s in segments if not _PART_OF_DATE.fullmatch(s))
    for segment, count in times.items():
        if count >= REPEATS:
            return f"its path names {segment!r} {count} times"
    if parts.query.count("&") >= MOST_PARAMETERS:
        return f"its query has more than {MOST_PARAMETERS} parameters"
    return "it holds other addresses, one within the other" if WRAPPED in url else None


def _refused(url: str, reason: str) -> AddressError:
    return AddressError(url if len(url) <= 200 else f"{url[:200]}...", reason)


def _unknown_scheme(scheme: str) -> str:
    if scheme:
        return f"only http and https addresses can be crawled, not {scheme}:"
    return "it is no whole address; write it with https:// in front"


def _slashes(url: str) -> str:
    head, mark, query = url.partition("?")
    return head.replace("\\", "/") + mark + query


def _authority(netloc: str, scheme: str, url: str) -> str:
    if "@" in netloc:
        raise _refused(url, "it names a user; leave out what stands before the @")
    split = _AUTHORITY.fullmatch(netloc)
    if not split:
        raise _refused(url, f"{netloc!r} is no host")
    host, port = split.group(1), (split.group(2) or "").lstrip("0")
    if not host:
        raise _refused(url, "it names no host")
    if split.group(2) and not (re.fullmatch("[0-9]{1,5}", port) and int(port) < 65_536):
        raise _refused(url, f"{split.group(2)[:20]!r} is no port; leave it out, or write a number from 1 to 65535")
    try:
        host = _ipv6(host) if host.startswith("[") else _name(host)
    except ValueError as problem:
        raise _refused(url, f"{host[:80]!r} is no host name; check it for a typing error") from problem
    return host if not port or int(port) == _PORTS[scheme] else f"{host}:{port}"


def _ipv6(host: str) -> str:
    if "%" in host:
        raise ValueError("an address with a zone is of this machine only")
    return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"


def _name(host: str) -> str:
    """A host name in lower case and ASCII (RFC 5891 with UTS 46), or an IPv4 address as four decimal numbers.

    Underscores and hyphens stand anywhere in a label, as they do in names of LiveJournal's users.
    """
    if len(host) > _LONGEST_HOST + 1:
        raise ValueError(host)
    host = (host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii")).removesuffix(".")
    labels = host.split(".")
    if len(host) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError(host)
    if any(label.startswith("xn--") for label in labels):
        idna.decode(host)
    # 2130706433 and 0x7f.1 are 127.0.0.1 to the system's resolver
    return str(ipaddress.IPv4Address(host)) if _NUMBER.fullmatch(labels[-1]) else host


def _escaped(text: str, safe: str) -> str:
    """Escapes in one form: what needs none has none, all others are in upper case, a stray % is %25."""
    return _ESCAPE.sub(_escape, quote(_STRAY_PERCENT.sub("%25", text), safe=safe))


def _escape(found: re.Match[str]) -> str:
    byte = int(found.group(1), 16)
    return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join([*kept, ""] if segments[-1] in (".", "..") else kept)


@cache
def _visits() -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    """Names of parameters that name the visit, beginnings of such names, and names that do if a digest follows."""
    known = phrases("addresses")
    names, prefixes = (known["tracking"] + known["session"], known["tracking_prefixes"] + known["session_prefixes"])
    return frozenset(names), prefixes, frozenset(known["session_if_digest"])


def _names_visit(parameter: str) -> bool:
    """Whether a parameter says who came, and from where, and not which page it is."""
    name, _, value = parameter.partition("=")
    name = name.lower()
    names, prefixes, with_digest = _visits()
    return name in names or name.startswith(prefixes) or (name in with_digest and bool(_DIGEST.fullmatch(value)))


def _without_sessions(path: str) -> str:
    """`/a;jsessionid=1/b` is `/a/b`, and so is `/a;/b`: urljoin takes off what stands empty."""
    return "/".join(map(_without_session, path.split("/"))) if ";" in path else path


def _without_session(segment: str) -> str:
    name, *parameters = segment.split(";")
    return ";".join([name, *(p for p in parameters if p and not _names_visit(p))])
