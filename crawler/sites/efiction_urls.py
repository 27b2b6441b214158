"""eFiction's URLs: a page is named by a script and a few parameters; the rest is how it is shown.

Scripts and parameters read off the engine's sources (3.5: viewstory.php, browse.php, browse/*.php, authors.php,
viewuser.php, viewseries.php). What is no work and no listing (user.php, reviews.php, contact.php, admin.php, a
member's favourites) has no Target, so that nothing ever asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

from ...lexicon import tables
from . import Target

_LISTINGS = {
    "browse.php": "type", "viewuser.php": "uid", "viewseries.php": "seriesid", "series.php": "seriesid",
    "authors.php": "", "titles.php": "", "categories.php": "",
}  # fmt: skip
"""Listing scripts, each with the parameter it cannot do without; "": another engine may have such a script too."""
SELECTORS = ("catid", "id", "parentcatid", "uid", "seriesid", "charid", "classid", "rating", "let", "alphabet")
_ORDER = ("list", "type", "type_id", *SELECTORS, "action", "offset")
_WORDS = frozenset(("list", "type", "action", "let", "alphabet"))
_IDLE = frozenset(("sort", "sortby", "skin", "textsize", "phpsessid", "sid", "go", "submit", "page"))
_NUMBER = re.compile(r"[0-9]{1,10}")
_NUMBERS = re.compile(r"[0-9]{1,10}(?:,[0-9]{1,10}){0,9}")
_WORD = re.compile(r"[\w -]{1,20}")
_LOCATION = re.compile(r"location(?:\.href)?\s*=\s*'([^']{1,500})'")
_PARAMETERS = 50


@dataclass(frozen=True, slots=True)
class StoryLink:
    """The work that a link means; `shown` is false where the link itself is not a way to it (a login)."""

    sid: str
    shown: bool


def target(url: SplitResult) -> Target | None:
    """A work (fetched whole, in its printable form) or a listing of any host; None for everything else."""
    script, query = _script(url), _query(url.query)
    if script == "viewstory.php":
        sid = query.get("sid", "")
        if not _NUMBER.fullmatch(sid):
            return None
        canon = _joined(url, {"sid": str(int(sid))})
        return Target(canon, "work", f"{canon}&action=printable&textsize=0&chapter=all")
    kept = _kept(script, query)
    return Target(_joined(url, kept), "listing") if kept is not None else None


def target_of(href: str, base: str) -> Target | None:
    """The Target of a link as a page writes it, be it behind a script that asks first; None if there is none."""
    try:
        return target(urlsplit(urljoin(base, plain(href))))
    except ValueError:
        return None


def story_link(href: str) -> StoryLink | None:
    """Which work a title's link leads to; None for chapters, tables of contents and links of other kinds."""
    try:
        url = urlsplit(plain(href))
    except ValueError:
        return None
    script, query = _script(url), _query(url.query)
    sid = query.get("sid", "")
    if not _NUMBER.fullmatch(sid) or query.keys() & {"chapter", "index"}:
        return None
    if script == "viewstory.php" and "action" not in query:
        return StoryLink(str(int(sid)), shown=True)
    return StoryLink(str(int(sid)), shown=False) if script == "user.php" and query.get("action") == "login" else None


def plain(href: str) -> str:
    """Where a link leads; titles behind a warning are `javascript:if(confirm('...')) location = 'viewstory...'`."""
    if href.lstrip().lower().startswith("javascript:"):
        found = _LOCATION.search(href)
        return found[1] if found else ""
    return href.strip()


def directory(url: str) -> str:
    """The archive that a URL belongs to: host and directory, without "www."."""
    parts = urlsplit(url)
    return (parts.netloc.lower().removeprefix("www.") + parts.path.rpartition("/")[0]).rstrip("/")


def specific(canon: str) -> bool:
    """Whether a listing's URL selects some works; an overview of all does not."""
    query = _query(urlsplit(canon).query)
    return bool(query.keys() & {*SELECTORS, "offset"})


def without_offset(canon: str) -> str:
    """A listing's first page."""
    return re.sub(r"[?&]offset=[0-9]+$", "", canon)


def _script(url: SplitResult) -> str:
    return url.path.rpartition("/")[2].lower()


def _query(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text.replace("&amp;", "&"), max_num_fields=_PARAMETERS)
    except ValueError:
        return {}
    return {name.lower(): value for name, value in pairs}


def _kept(script: str, query: Mapping[str, str]) -> dict[str, str] | None:
    """The parameters that name a listing, in one order; None if the URL is not one of the engine's listings."""
    needed = _LISTINGS.get(script)
    if needed is None or (needed and needed not in query):
        return None
    if not needed and not query.keys() <= {*_ORDER, *_IDLE}:
        return None
    if script == "browse.php" and query["type"] not in tables("efiction")["address"]["types"]:
        return None
    kept = {name: query[name] for name in _ORDER if _matters(name, query.get(name, ""))}
    if needed and needed not in kept:
        return None
    return _of_members(script, kept)


def _matters(name: str, value: str) -> bool:
    if name in _WORDS:
        return bool(_WORD.fullmatch(value))
    return bool(_NUMBERS.fullmatch(value)) and value.strip("0") != ""


def _of_members(script: str, kept: dict[str, str]) -> dict[str, str] | None:
    """Without the panel that an author's page shows anyway; None for panels and lists that show no works."""
    if script == "viewuser.php":
        return (
            {n: v for n, v in kept.items() if n != "action"} if kept.get("action", "storiesby") == "storiesby" else None
        )
    if script == "authors.php" and kept.get("list", "authors") != "authors":
        return None
    return None if "action" in kept else kept


def _joined(url: SplitResult, query: Mapping[str, str]) -> str:
    found = f"{url.scheme.lower()}://{url.netloc.lower()}{url.path}"
    return f"{found}?{urlencode(query)}" if query else found
