"""Saved pages of FanFiction.net and FictionPress: a chapter of a story, as the site and its mobile pages show it.

Structure as readers' programs know it: `#profile_top` with title, author, summary and the information line,
`#chap_select`, `#storytext`; on mobile pages `#content` and `#storycontent`. The site is not crawled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from ...errors import NoStory, StandIn
from ...lexicon import tables
from ...model import Chapters, Document, Layout, Role, Stat
from ...text import fold
from ..blob import Blob, DocumentBuilder
from ..markup import add_markup, inline
from ..nodes import first
from . import Site
from .elements import any_of, elements
from .ffn_facts import ENGINE, Facts, facts
from .front import Stated, add_front, one

MEDIA_TYPE = "text/html"
_CROSSOVER = re.compile(r"\s+Crossover$", re.IGNORECASE)
_HEADING = re.compile(r"(?P<number>\d{1,4})\.\s*(?P<title>.*)", re.DOTALL)
_STORY_ID = re.compile(r"\bstoryid\s*=\s*(\d{1,10})")
_STORY_LINK = re.compile(r"/s/(\d{1,10})(?:/(\d{1,4}))?")


def recognises(tree: LexborHTMLParser) -> bool:
    """The box above a story, or the story's own element with the engine's classes."""
    return bool(tree.css_first(any_of(ENGINE, "page"))) or _barred(tree) is not None


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """The chapter of a page.

    Raises:
        StandIn: if the page says that there is no such story, or is a challenge.
        NoStory: if it is a page of the site without a story.
    """
    story = first(tree, elements(ENGINE, "story"))
    if not story or not inline(story):
        raise _barred(tree, blob.uri) or NoStory(blob.uri, "a page of the site without a story; save the story's page")
    stated = _facts(tree)
    _add_front(builder, tree, stated)
    number, total = _add_chapter(builder, tree)
    add_markup(builder, story, chapter=number)
    if published := max(total, stated.chapters or 0):
        builder.declare("chapters", Chapters(published, published if stated.complete else None), "ffn.chapters")
    if stated.words:
        builder.declare("words", stated.words, "ffn.words")
    _declare_address(builder, tree, stated.number, blob.uri)
    yield builder.build(blob, MEDIA_TYPE)


def _facts(tree: LexborHTMLParser) -> Facts:
    """What the first element states that has an information line."""
    nodes = (node for selector in elements(ENGINE, "facts") for node in tree.css(selector)[:4])
    return next((found for node in nodes if (found := facts(node))), Facts())


def _add_front(builder: DocumentBuilder, tree: LexborHTMLParser, stated: Facts) -> None:
    """Title, author, what the information line states, summary."""
    title, author, summary = (inline(first(tree, elements(ENGINE, part))) for part in ("title", "author", "summary"))
    fields = (
        Stated("fandoms", "Fandom", _fandoms(tree)),
        one("rating", "Rated", stated.rating),
        one("language", "Language", stated.language),
        Stated("tags", "Genre", stated.genres),
        Stated("characters", "Characters", stated.characters),
        Stated("relationships", "Pairing", stated.pairings),
        one("published", "Published", stated.published),
        one("updated", "Updated", stated.updated),
        one("status", "Status", "complete" if stated.complete else None),
    )
    add_front(builder, "ffn", title, author, fields, summary)
    if stated.rating and not stated.complete:  # the line names what is complete, and nothing else
        builder.declare("status", "in-progress", "ffn.status", 0.85)
    for name, count in stated.stats:
        builder.declare("stats", Stat(name, count), "ffn.stats")


def _fandoms(tree: LexborHTMLParser) -> tuple[str, ...]:
    """The fandoms of the trail above the story: its last link, or both of a crossover."""
    trails = ([inline(node) for node in tree.css(selector)] for selector in elements(ENGINE, "trail"))
    trail = next((named for names in trails if (named := [name for name in names if name])), [])
    if not trail:
        return ()
    if _CROSSOVER.search(trail[-1]):
        return tuple(name.strip() for name in _CROSSOVER.sub("", trail[-1]).split(" + "))
    return (trail[-1],)


def _add_chapter(builder: DocumentBuilder, tree: LexborHTMLParser) -> tuple[int | None, int]:
    """The heading of the chapter that the page shows: its number, and how many the menu lists."""
    chosen = first(tree, elements(ENGINE, "chapter"))
    listed = first(tree, elements(ENGINE, "chapters"))
    menu = listed.parent.css("option") if listed and listed.parent else []
    found = _HEADING.match(inline(chosen)) if chosen else None
    if not found:
        return None, len(menu)
    number = int(found["number"])
    builder.add(inline(chosen), Layout.HEADING, role=Role.CHAPTER_HEADING, chapter=number, level=2, rule="ffn.chapter")
    return number, len(menu)


def _declare_address(builder: DocumentBuilder, tree: LexborHTMLParser, number: str, uri: str) -> None:
    """The work's number and address: of the information line, the page's script, its canonical link or its own URL."""
    link = tree.css_first("link[rel='canonical']")
    href = (link.attributes.get("href") or "") if link else ""
    scripts = (found[1] for script in tree.css("script") if (found := _STORY_ID.search(script.text() or "")))
    linked = (found[1] for url in (href, uri) if (found := _STORY_LINK.search(url)))
    number = number or next(scripts, "") or next(linked, "")
    if not number:
        return
    press = "fictionpress" in (urlsplit(href).netloc or uri) or bool(tree.css_first("a[href*='fictionpress.com']"))
    site, host = ("fictionpress", "www.fictionpress.com") if press else ("ffn", "www.fanfiction.net")
    builder.declare("site_id", f"{site}:{number}", "ffn.address")
    builder.declare("url", f"https://{host}/s/{number}/1/", "ffn.address")


def _barred(tree: LexborHTMLParser, uri: str = "") -> StandIn | None:
    """What a page in the place of a story says; None if it is none that is known."""
    if not tree.css_first("#content_wrapper, #challenge-form, #challenge-running, .panel_warning, .gui_warning"):
        return None
    said = fold(" ".join(inline(node) for node in tree.css(any_of(ENGINE, "error"))[:10]))
    gates = tables(ENGINE)["gate"]
    if any(fold(phrase) in said for phrase in gates["gone"]):
        return StandIn(uri, "the site says that there is no such story (deleted?)", "gone")
    if any(fold(phrase) in said for phrase in gates["challenge"]):
        return StandIn(uri, "a challenge for browsers in the place of the story; save the page again", "blocked")
    return None


SITE = Site("ffn", recognises, read)
