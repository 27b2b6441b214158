"""URLs of the OTW archive's engine: which archive a host is, what a path names, and the one form it gets.

Paths and what robots.txt of archiveofourown.org denies (`/works?`, `/works/search?`, `/downloads/`) were read in
2024; what it denies keeps its form, so that it stays denied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from ...lexicon import tables
from ..markup import inline
from . import Target

HOME = "archiveofourown.org"
"""The archive that a saved page is of when nothing on it tells."""
_NUMBER = r"0*(?P<number>[1-9][0-9]{0,11})"
_WORK = re.compile(rf"(?:/collections/[^/]+)?/works/{_NUMBER}(?:/chapters/[0-9]+)?/?")
_INDEX = re.compile(rf"(?:/collections/[^/]+)?/works/{_NUMBER}/navigate/?")
_LISTING = re.compile(
    r"(?:(?:/collections/[^/]+)?/tags/[^/]+|/users/[^/]+(?:/pseuds/[^/]+)?|/collections/[^/]+)/(?:works|bookmarks)"
    r"|/users/[^/]+/gifts|/series/[0-9]+"
)
_LATEST = re.compile(r"/(?:works|bookmarks)")
"""Listings that are denied, or other lists, with any query."""
_SELECTING = ("fandom_id", "page")
"""Parameters that choose what a listing shows, in the order of the canonical form; all are numbers."""
_SEGMENT_SAFE = "!$&'()*+,;=:@-._~"
_NAMED = re.compile(r"(?:\[|\|)\s*([^\[\]|]+?)\s*\]?\s*$")


@cache
def archives() -> Mapping[str, str]:
    """Host without `www.` -> the host that its addresses get."""
    return {alias: hosts[0] for hosts in tables("otw")["hosts"].values() for alias in hosts}


def site_id(host: str, number: str) -> str:
    """ "ao3:123"; an archive without a short name goes by its host."""
    names = {hosts[0]: name for name, hosts in tables("otw")["hosts"].items()}
    return f"{names.get(host, host)}:{number}"


def _host(url: SplitResult) -> str | None:
    """The canonical host of a known archive's URL."""
    try:
        usual = url.port in (None, 80, 443)
    except ValueError:
        return None
    if not usual or url.username or url.scheme not in ("http", "https"):
        return None
    return archives().get((url.hostname or "").rstrip(".").removeprefix("www."))


def target(url: SplitResult) -> Target | None:
    """What a URL of a known archive shows, under its one name; None for other hosts."""
    host = _host(url)
    if host is None:
        return None
    if found := _WORK.fullmatch(url.path):
        canon = f"https://{host}/works/{found['number']}"
        return Target(canon, "work", f"{canon}?view_full_work=true")
    if found := _INDEX.fullmatch(url.path):
        return Target(f"https://{host}/works/{found['number']}/navigate", "listing")
    path = _spelt(url.path)
    if _LISTING.fullmatch(path):
        return Target(urlunsplit(("https", host, path, _selecting(url.query), "")), "listing")
    if _LATEST.fullmatch(path) and not url.query:
        return Target(urlunsplit(("https", host, path, "", "")), "listing")
    return Target(urlunsplit(("https", host, url.path or "/", url.query, "")))


def _spelt(path: str) -> str:
    """A path with each of its characters escaped only where it must be, and without a slash at its end."""
    segments = path.rstrip("/").split("/")
    return "/".join(quote(unquote_to_bytes(s), safe=_SEGMENT_SAFE) for s in segments)


def _selecting(query: str) -> str:
    given = dict(parse_qsl(query))
    kept = {k: v.lstrip("0") for k, v in given.items() if v.isascii() and v.isdecimal() and len(v) < 12}
    if kept.get("page") in ("", "1"):
        del kept["page"]
    return "&".join(f"{name}={kept[name]}" for name in _SELECTING if kept.get(name))


def work_number(path_or_url: str) -> str | None:
    """The id of the work that a URL or a link's address names, on whatever host."""
    try:
        found = _WORK.fullmatch(urlsplit(path_or_url).path) or _INDEX.fullmatch(urlsplit(path_or_url).path)
    except ValueError:
        return None
    return found["number"] if found else None


def resolved(base: str, href: str | None) -> str | None:
    """A link's address as an absolute URL without fragment; None if it leads to another host."""
    try:
        url = urlsplit(urljoin(base, (href or "").strip()))
        home = urlsplit(base)
    except ValueError:
        return None
    if not href or url.scheme not in ("http", "https"):
        return None
    same = url.netloc == home.netloc or (_host(url) is not None and _host(url) == _host(home))
    return urlunsplit((*url[:4], "")) if same else None


def origin(uri: str, tree: LexborHTMLParser) -> str:
    """ "https://archiveofourown.org": where a page comes from, known by its URL, its menu's links or its title."""
    menu = (link.attributes.get("href") or "" for link in tree.css("#header a[href]"))
    for address in (uri, *menu):
        if address.startswith(("http://", "https://")):
            try:
                url = urlsplit(address)
            except ValueError:
                continue
            if host := _host(url):
                return f"https://{host}"
            if address is uri:
                return f"{url.scheme}://{url.netloc}"
    return f"https://{_by_title(tree) or HOME}"


def _by_title(tree: LexborHTMLParser) -> str | None:
    """The archive that the end of the title names: "Salt - Ann - Testfandom [Archive of Our Own]"."""
    found = _NAMED.search(inline(tree.css_first("title")).lower())
    for name, titles in tables("otw")["titles"].items() if found else ():
        if found and found[1].startswith(titles):
            return tables("otw")["hosts"][name][0]
    return None
