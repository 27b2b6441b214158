"""What a host's robots.txt says to us: text to `Rules` after RFC 9309, and `noindex` in headers and meta tags.

Pure functions: fetching, redirects and the 24 hours that an answer may be kept are the crawl's. Where RFC 9309 and
Google's parser (the reference that site owners test against) differ, or a file is unclear, the stricter reading
holds. Own matcher: Protego fails 14 of Google's 145 cases and builds a regular expression of every wildcard.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

AGENT = "ficdex"
"""The product token by which sites may name us."""
PARSED = 500 * 1024
"""Bytes of a file that count, RFC 9309 2.5. Hand over one more where there are more: a line cut off is then seen."""
_LINE = 2083 * 8 - 1
"""Bytes of a line that count, as in Google's parser: the rest of the pattern is lost, and it matches more."""
_SHOWN = 1000
"""Characters of a line or a signal that are kept to be shown."""

_KEYS = {  # a line's name has to begin so; the misspellings are those that Google's parser takes
    "agent": (b"user-agent", b"useragent", b"user agent"),
    "allow": (b"allow",),
    "disallow": (b"disallow", b"dissallow", b"dissalow", b"disalow", b"diasllow", b"disallaw"),
    "sitemap": (b"sitemap", b"site-map"),
    "delay": (b"crawl-delay",),
    "signal": (b"content-signal", b"content-usage"),
}
_PRODUCT = re.compile(rb"[A-Za-z_-]*")  # RFC 9309 2.2.1: "ficdex" of "ficdex/1.0 (an address)"
_SECONDS = re.compile(rb"\d+(?:\.\d*)?|\.\d+")
_AUTHORITY = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?]*")

_NOT_ASCII = re.compile(rb"[^\x21-\x7e]")
_ESCAPES = re.compile(rb"%([0-9A-Fa-f]{2})|[*$]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAME_ESCAPED = _UNRESERVED | frozenset(b":/*$")
"""What is the same octet written plainly or as %XX: RFC 3986's unreserved, and what the tables of RFC 9309 2.2.2
(`http:%2F%2F`) and 2.2.3 (`%2A`, `%24`) equate."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A path with `*` cut out of it; `anchored` if it ended in `$`."""

    pieces: tuple[bytes, ...]
    anchored: bool

    def matches(self, path: bytes) -> bool:
        """Every piece where it first fits: no other place can serve the pieces after it better, so none is tried."""
        first, last = self.pieces[0], self.pieces[-1]
        if not path.startswith(first):
            return False
        at = len(first)
        if len(self.pieces) == 1:
            return not self.anchored or at == len(path)
        for n in range(1, len(self.pieces) - 1):
            at = path.find(self.pieces[n], at)
            if at < 0:
                return False
            at += len(self.pieces[n])
        if self.anchored:
            return len(path) - at >= len(last) and path.endswith(last)
        return path.find(last, at) >= 0


@dataclass(frozen=True, slots=True)
class Rule:
    """An Allow or Disallow `line`; the greatest `weight` (octets of the pattern) decides, Allow among equals."""

    allow: bool
    line: str
    weight: int
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host says to one agent.

    The rules in the order in which they decide, in two readings, which differ where a path has escapes: `spelt`
    as Google's parser compares them, letter by letter, `plain` as RFC 9309 2.2.2 does, with escapes undone. So
    "Disallow: /%7Ejoe" closes /~joe, and "Allow: /%7Ejoe" does not open it.
    `crawl_delay` in seconds as stated, the longest if there are several; `sitemaps` as stated, whoever they are for;
    `signals` the values of Content-Signal and Content-Usage lines as stated, joined by "; ", at most 1,000 characters.
    """

    spelt: tuple[Rule, ...] = ()
    plain: tuple[Rule, ...] = ()
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()
    signals: str | None = None

    def allows(self, url: str) -> bool:
        """Whether both readings allow the absolute `url`. /robots.txt always is allowed, RFC 9309 2.2.2."""
        rule = self._deciding(url)
        return rule is None or rule.allow

    def rule_for(self, url: str) -> str | None:
        """The line that decides on the absolute `url`, as it stands in the file; None if no line does."""
        rule = self._deciding(url)
        return rule.line if rule else None

    def _deciding(self, url: str) -> Rule | None:
        path = _path(url)
        if path == b"/robots.txt":
            return None
        spelt, plain = _spell(path), _spell(_ascii(path), _SAME_ESCAPED)
        rule = _first(self.spelt, spelt)
        if rule and not rule.allow:
            return rule
        differ = (self.plain, plain) != (self.spelt, spelt)
        return _first(self.plain, plain) if differ else rule


def _first(rules: tuple[Rule, ...], path: bytes) -> Rule | None:
    return next((rule for rule in rules if rule.pattern.matches(path)), None)


def parse(data: bytes, agent: str) -> Rules:
    """The rules in the file `data` for `agent`, a product token ("ficdex", without a version). Never fails.

    Only the first 500 KiB count. Whatever is no rule is passed over, so a page of HTML has none. NULs are
    dropped, which also reads a file in UTF-16; octets beyond ASCII may be of any encoding.
    """
    reading = _Reading(agent.lower().encode("utf-8", "surrogatepass"))
    for key, value, line in _lines(data):
        reading.take(key, value, line)
    return reading.result()


def from_status(status: int, body: bytes, agent: str) -> Rules | None:
    """What an answer to GET /robots.txt means, RFC 9309 2.3.1; None: unreachable, deny all for now and ask again.

    Stricter than the RFC: 401 and 403 deny all, 429 is no answer, and neither is a redirect that was not followed.
    """
    if 200 <= status < 300:
        return parse(body, agent)
    if status in (401, 403):
        return DENY_ALL
    return ALLOW_ALL if 400 <= status < 500 and status != 429 else None


_Written = tuple[bool, bytes, str]
"""Whether it allows, its path in ASCII, its line."""


@dataclass(slots=True, eq=False)
class _Group:
    """What was said to one agent, wherever in the file: groups of the same agent are one."""

    named: bool = False
    rules: list[_Written] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """A file as far as it was read. A line speaks to those named since the last rule, as Google's parser has it."""

    agent: bytes
    own: _Group = field(default_factory=_Group)
    everyone: _Group = field(default_factory=_Group)
    nobody: _Group = field(default_factory=_Group)
    spoken_to: list[_Group] = field(default_factory=list)
    ruled: bool = True  # only a rule ends a run of User-agent lines: what else stands between them does not
    sitemaps: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.spoken_to.append(self.nobody)

    def take(self, key: str, value: bytes, line: str) -> None:
        match key:
            case "agent":
                self._address(value)
            case "allow" | "disallow":
                self.ruled = True
                for group in self.spoken_to:
                    group.rules += _written(key == "allow", value, line)
            case "delay" if (seconds := _seconds(value)) is not None:
                for group in self.spoken_to:
                    group.delays.append(seconds)
            case "signal" if value:
                for group in self.spoken_to:
                    group.signals.append(_text(value))
            case "sitemap" if value:
                self.sitemaps[_text(value)] = None

    def _address(self, value: bytes) -> None:
        if self.ruled:
            self.spoken_to, self.ruled = [], False
        if value.split()[:1] == [b"*"]:
            group = self.everyone
        elif (product := _PRODUCT.match(value)) and product[0].lower() == self.agent:
            group = self.own
        else:
            return
        group.named = True
        if group not in self.spoken_to:
            self.spoken_to.append(group)

    def result(self) -> Rules:
        group = self.own if self.own.named else self.everyone
        signals = self.own.signals or self.nobody.signals + self.everyone.signals
        return Rules(
            *_readings(group.rules),
            max(group.delays, default=None),
            tuple(self.sitemaps),
            "; ".join(signals)[:_SHOWN] or None,
        )


def _lines(data: bytes) -> Iterator[tuple[str, bytes, str]]:
    """(what the line is, its value, the line as it stands) of every line that says something known."""
    for raw in _counting(data).splitlines():
        line = raw[:_LINE].partition(b"#")[0].strip()
        name, colon, value = line.partition(b":")
        if not colon and len(words := line.split()) == 2:
            name, value = words  # Google takes "disallow /", but no sentence
        elif not colon:
            continue
        name = name.strip().lower()
        for key, names in _KEYS.items():
            if name.startswith(names):
                yield key, value.strip(), _text(line)[:_SHOWN]


def _counting(data: bytes) -> bytes:
    """The part of a file that is read, without a line that its end cuts: half an Allow allows too much."""
    if len(data) > PARSED:
        data = data[: PARSED + 1]
        data = data[: max(data.rfind(b"\n"), data.rfind(b"\r")) + 1]
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        data = data.removeprefix(mark)
    return data.replace(b"\0", b"")


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")


def _seconds(value: bytes) -> float | None:
    seconds = float(value) if _SECONDS.fullmatch(value) else math.inf
    return seconds if math.isfinite(seconds) else None


def _written(allow: bool, value: bytes, line: str) -> Iterator[_Written]:
    value = _ascii(value)
    if value and not allow and not value.startswith((b"/", b"*")):
        value = b"/" + value  # no path begins otherwise, and "Disallow: private" was meant
    if value:
        yield allow, value, line
    folder, slash, page = value.rpartition(b"/")
    if allow and slash and page.startswith(b"index.htm"):  # Google: who allows a folder's index allows the folder
        yield allow, folder + b"/$", line


def _readings(written: Iterable[_Written]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Every rule as it is spelt and as it is meant, each in the order in which they decide."""
    spelt, plain = [], []
    for allow, value, line in written:
        spelt.append(Rule(allow, line, len(value), _pattern(value)))
        meant = Rule(allow, line, len(_spell(value, _SAME_ESCAPED)), _pattern(value, _SAME_ESCAPED))
        plain.append(spelt[-1] if meant == spelt[-1] else meant)
    return _ordered(spelt), _ordered(plain)


def _ordered(rules: list[Rule]) -> tuple[Rule, ...]:
    return tuple(sorted(rules, key=lambda rule: (-rule.weight, not rule.allow)))


def _pattern(value: bytes, plainly: frozenset[int] = frozenset()) -> Pattern:
    pieces = value.removesuffix(b"$").split(b"*")
    return Pattern(tuple(_spell(piece, plainly) for piece in pieces), value.endswith(b"$"))


def _ascii(octets: bytes) -> bytes:
    return _NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], octets)


def _spell(octets: bytes, plainly: frozenset[int] = frozenset()) -> bytes:
    """The octets `plainly` as themselves; other escapes, and `*` and `$` where no wildcards are meant, as %XX."""

    def respelt(found: re.Match[bytes]) -> bytes:
        octet = int(found[1], 16) if found[1] else found[0][0]
        return bytes([octet]) if octet in plainly else b"%%%02X" % octet

    return _ESCAPES.sub(respelt, octets)


def _path(url: str) -> bytes:
    """Path and query of an absolute URL. Not urlsplit: it raises, and drops characters."""
    url = url.partition("#")[0]
    authority = _AUTHORITY.match(url)
    path = url[authority.end() :] if authority else url
    return (path if path.startswith("/") else "/" + path).encode("utf-8", "surrogatepass")


ALLOW_ALL = Rules()
"""For a host without a robots.txt."""
DENY_ALL = Rules(*_readings([(False, b"/", "Disallow: / (robots.txt was not to be had)")]))
"""For a host that keeps its robots.txt from us, or does not answer."""


_DIRECTIVES = re.compile(r"([^\s,;:]+)\s*(:?)")
_AGENT = re.compile(r"\*|[a-z][a-z0-9_.-]*")
_FORBIDDING = frozenset({"noindex", "none"})
_FOR_ALL = ("*", "robots")


def forbids_index(values: Iterable[str], agent: str) -> bool:
    """Whether X-Robots-Tag headers, or the contents of meta tags for robots or `agent`, forbid to index the page.

    A value may name the agents it is for ("googlebot: noindex, nofollow"); one that names none is for all. A name
    holds to the end of its value, so give each header line as a value of its own.
    """
    return any(_forbids(value.lower(), agent.lower()) for value in values)


def _forbids(value: str, agent: str) -> bool:
    ours, argument = True, False
    for found in _DIRECTIVES.finditer(value):
        word, colon = found.groups()
        if ours and not argument and word in _FORBIDDING:
            return True
        argument = bool(colon) and _takes_argument(word)
        if colon and not argument and _AGENT.fullmatch(word):
            ours = word in (agent, *_FOR_ALL)
    return False


def _takes_argument(directive: str) -> bool:
    """Those with a colon that names no agent: "unavailable_after: 25 Jun 2030", "max-image-preview: none"."""
    return directive == "unavailable_after" or directive.startswith("max-")
