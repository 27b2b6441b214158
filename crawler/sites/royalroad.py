"""Saved pages of Royal Road: a chapter with its author's notes, or a fiction's own page.

Into chapters the site strews paragraphs for those who copy them, of a class that only a style sheet of the page hides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...errors import NoStory
from ...lexicon import tables
from ...model import Chapters, Document, Layout, Position, Role
from ...text import fold
from ..blob import Blob, DocumentBuilder
from ..markup import add_markup, inline
from ..nodes import attribute, classes, first
from . import Site
from .elements import any_of, elements
from .front import Stated, add_front, one

ENGINE = "royalroad"
MEDIA_TYPE = "text/html"
_HIDES = re.compile(r"\.(?P<name>[\w-]{1,80})\s*\{[^{}]{0,400}?display\s*:\s*none", re.IGNORECASE)
_FICTION = re.compile(r"/fiction/(\d{1,9})")
_CHAPTER = re.compile(r"(?:chapter|ch\.?|part)?\s*(\d{1,4})\b", re.IGNORECASE)


def recognises(tree: LexborHTMLParser) -> bool:
    """A chapter's or a fiction's element, or the site's name."""
    return bool(tree.css_first(any_of(ENGINE, "page")))


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """A chapter; of a fiction's own page what it states, as kind "metadata".

    Raises:
        NoStory: if it is another page of the site.
    """
    story = first(tree, elements(ENGINE, "story"))
    title = inline(first(tree, elements(ENGINE, "title")))
    if not story and not (title and first(tree, elements(ENGINE, "description"))):
        raise NoStory(blob.uri, "a page of the site without a story; save a chapter's page")
    _add_front(builder, tree, title)
    if story:
        _add_chapter(builder, tree, story)
    elif rows := tree.css(any_of(ENGINE, "chapters")):
        builder.declare("chapters", Chapters(len(rows)), "royalroad.chapters")
    _declare_address(builder, tree, blob.uri)
    found = builder.build(blob, MEDIA_TYPE)
    yield found if story else replace(found, kind="metadata")


def _add_front(builder: DocumentBuilder, tree: LexborHTMLParser, title: str) -> None:
    node = first(tree, elements(ENGINE, "author"))
    author = (attribute(node, "content") or inline(node)) if node else ""
    labels = {fold(inline(label)) for label in tree.css(any_of(ENGINE, "labels"))}
    status = next((s for s, words in tables(ENGINE)["status"].items() if labels & set(map(fold, words))), None)
    fields = (
        Stated("tags", "Tags", _each(tree, "tags")),
        Stated("warnings", "Warnings", _each(tree, "warnings")),
        one("status", "Status", status),
    )
    summary = inline(first(tree, elements(ENGINE, "description")))
    add_front(builder, "royalroad", title, author, fields, summary)


def _each(tree: LexborHTMLParser, part: str) -> list[str]:
    nodes = (node for selector in elements(ENGINE, part)[:1] for node in tree.css(selector))
    return list(dict.fromkeys(name for node in nodes if (name := inline(node))))


def _add_chapter(builder: DocumentBuilder, tree: LexborHTMLParser, story: LexborNode) -> None:
    """The heading, the notes before the story, the story, the notes behind it."""
    heading = inline(first(tree, elements(ENGINE, "heading")))
    found = _CHAPTER.search(heading)
    number = int(found[1]) if found else None
    builder.add(heading, Layout.HEADING, role=Role.CHAPTER_HEADING, chapter=number, level=2, rule="royalroad.chapter")
    hidden = {name for style in tree.css("style") for name in _HIDES.findall(style.text() or "")}
    notes = {node.mem_id for node in tree.css(any_of(ENGINE, "note"))}
    before = True
    for node in tree.css(", ".join((any_of(ENGINE, "note"), any_of(ENGINE, "story")))):
        if node.mem_id == story.mem_id:
            before = False
            add_markup(builder, node, skip=lambda n: bool(hidden.intersection(classes(n))), chapter=number)
        elif node.mem_id in notes:
            position: Position = "chapter_start" if before else "chapter_end"
            text = next((n for selector in elements(ENGINE, "note_text") if (n := node.css_first(selector))), node)
            add_markup(builder, text, role=Role.NOTE, chapter=number, position=position, rule="royalroad.note")


def _declare_address(builder: DocumentBuilder, tree: LexborHTMLParser, uri: str) -> None:
    hrefs = (attribute(node, "href", "content") for node in tree.css(any_of(ENGINE, "link")))
    if number := next((found[1] for href in (uri, *hrefs) if (found := _FICTION.search(href))), ""):
        builder.declare("site_id", f"royalroad:{number}", "royalroad.address")
        builder.declare("url", f"https://www.royalroad.com/fiction/{number}", "royalroad.address")


SITE = Site("royalroad", recognises, read)
