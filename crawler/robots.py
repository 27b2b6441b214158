"""robots.txt (RFC 9309) and the robots words of pages: what a site asks of those who come by program.

Read as Google's parser reads it, typing errors in names and all, since that is what sites are tested with; where
readings differ, the one that denies more is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LARGEST = 500 << 10
"""Bytes that are read (RFC 9309, 2.5)."""
LONGEST_LINE = 16_663
"""Bytes of a line that count, as in Google's parser."""
_LINE = re.compile(rb"\r\n|\r|\n")
_AGENT_LINE = re.compile(r"user[ -]?agent", re.IGNORECASE)
_DENY_LINE = re.compile(r"disallow|dissallow|dissalow|disalow|diasllow|disallaw", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPE = re.compile("%([0-9a-fA-F]{2})")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_INDEX = re.compile(r"/index\.html?$")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_AGENT_WORD = re.compile(r"\s*([A-Za-z][\w-]*)\s*:")
_DATED = frozenset(("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"))
"""Words of X-Robots-Tag with a value behind a colon: no names of programs."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An Allow or Disallow line; `path` is its pattern with `*` and a final `$`."""

    allow: bool
    path: str

    def __str__(self) -> str:
        return f"{'Allow' if self.allow else 'Disallow'}: {self.path}"

    def weight(self, path: str) -> int:
        """The length of the pattern if it matches, else 0.

        A Disallow also matches what its escapes stand for (RFC 9309, 2.2.2); an Allow only what it says.
        """
        if _matches(self.path, path):
            return len(self.path)
        if self.allow:
            index = _INDEX.search(self.path)
            return len(self.path) if index and _matches(f"{self.path[: index.start() + 1]}$", path) else 0
        return len(self.path) if _matches(_decoded(self.path), _decoded(path)) else 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What one program may do on a host.

    `crawl_delay` in seconds, as stated; `sitemaps` are URLs as stated; `signals` what is said on the use by AI
    (Content-Signal and Content-Usage lines), as stated.
    """

    rules: tuple[Rule, ...] = ()
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()
    signals: str | None = None

    def allows(self, url: str) -> bool:
        """Whether a URL may be asked for; robots.txt itself always may (RFC 9309, 2.2.2)."""
        rule = self.rule_for(url)
        return rule is None or rule.allow

    def rule_for(self, url: str) -> Rule | None:
        """The line that decides: the longest that matches, of equals the one that allows."""
        path = _path(url)
        if path == "/robots.txt":
            return None
        best, most = None, (0, False)
        for rule in self.rules:
            weight = (rule.weight(path), rule.allow)
            if weight[0] and weight > most:
                best, most = rule, weight
        return best


ALLOW_ALL = Rules()
DENY_ALL = Rules((Rule(allow=False, path="/"),))


def from_status(status: int, body: bytes, agent: str) -> Rules | None:
    """What an answer for robots.txt means (RFC 9309, 2.3.1); None: nobody knows, so ask for nothing for now.

    Stricter than the standard for 401 and 403, which deny: who may not read the rules may not read the rest.
    """
    if 200 <= status < 300:
        return parse(body, agent)
    if status in (401, 403):
        return DENY_ALL
    return ALLOW_ALL if 400 <= status < 500 and status != 429 else None


@dataclass(slots=True)
class _Group:
    rules: list[Rule] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)
    named: bool = False


def parse(data: bytes, agent: str) -> Rules:
    """The rules of a robots.txt for the product token `agent`; anything at all can be parsed."""
    own, everybody = _Group(), _Group()
    sitemaps: list[str] = []
    current: list[_Group] = []
    ended = False
    for key, value in _lines(data):
        if _AGENT_LINE.match(key):
            current = [] if ended else current
            ended = False
            group = everybody if re.match(r"\*(?:\s|$)", value) else own if _is(value, agent) else None
            if group:
                group.named = True
                current.append(group)
        elif key.lower().startswith(("sitemap", "site-map")):
            sitemaps.append(value)
        elif _DENY_LINE.match(key) or key.lower().startswith("allow"):
            ended = True
            for group in current:
                group.rules.append(Rule(not _DENY_LINE.match(key), _escaped(value)))
        else:
            _other(key.lower(), value, current)
    group = own if own.named else everybody
    return Rules(
        rules=tuple(rule for rule in group.rules if rule.path),
        crawl_delay=max(group.delays, default=None),
        sitemaps=tuple(sitemaps),
        signals="; ".join(dict.fromkeys(group.signals)) or None,
    )


def _other(key: str, value: str, current: list[_Group]) -> None:
    """Lines that end no group."""
    for group in current:
        if key == "crawl-delay" and _NUMBER.fullmatch(value):
            group.delays.append(float(value))
        elif key in ("content-signal", "content-usage"):
            group.signals.append(value)


def _lines(data: bytes) -> Iterator[tuple[str, str]]:
    for line in _LINE.split(data[:LARGEST].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")):
        text = line[:LONGEST_LINE].decode("utf-8", "surrogateescape").partition("#")[0].strip()
        key, colon, value = text.partition(":")
        if not colon:
            words = text.split()
            if len(words) != 2:
                continue
            key, value = words
        yield key.strip(), value.strip()


def _is(value: str, agent: str) -> bool:
    """Whether a User-agent line names us: its token, up to the first sign that no token has."""
    token = _TOKEN.match(value)
    return bool(token) and token.group().lower() == agent.lower()  # type: ignore[union-attr]


def _escaped(pattern: str) -> str:
    """A pattern as URLs are written: escapes in upper case, other signs than ASCII escaped."""
    pattern = _ESCAPE.sub(lambda found: found.group().upper(), pattern)
    if pattern.isascii():
        return pattern
    return "".join(c if c.isascii() else _bytes(c) for c in pattern)


def _bytes(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogateescape"))


def _decoded(path: str) -> str:
    """Without the escapes that nothing needs: %7E is ~."""

    def plain(found: re.Match[str]) -> str:
        sign = chr(int(found.group(1), 16))
        return sign if sign in _UNRESERVED else found.group().upper()

    return _ESCAPE.sub(plain, path) if "%" in path else path


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _matches(pattern: str, path: str) -> bool:
    """Whether the pattern matches from the start of the path on; each piece between stars is searched once."""
    if "*" not in pattern and not pattern.endswith("$"):
        return path.startswith(pattern)
    end = pattern.endswith("$")
    first, *pieces = (pattern[:-1] if end else pattern).split("*")
    if not path.startswith(first):
        return False
    if not pieces:
        return path == first
    at = len(first)
    *middle, last = pieces
    for piece in middle:
        at = path.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    if end:
        return path.endswith(last) and len(path) - len(last) >= at
    return path.find(last, at) >= 0


def forbids_index(values: Iterable[str], agent: str) -> bool:
    """Whether X-Robots-Tag headers, or the contents of robots metas, ask `agent` not to index.

    "googlebot: noindex" is meant for another one; a name holds for the words behind it, up to the next name.
    """
    for value in values:
        ours = True
        for word in value.split(","):
            named = _AGENT_WORD.match(word)
            if named and named.group(1).lower() not in _DATED:
                ours = named.group(1).lower() == agent.lower()
                word = word[named.end() :]
            if ours and word.strip().lower() in ("noindex", "none"):
                return True
    return False
