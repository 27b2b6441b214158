"""Saved pages of FimFiction: a chapter with the author's notes in their boxes, or a story's own page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...errors import NoStory
from ...lexicon import tables
from ...model import Document, Layout, Position, Role
from ..blob import Blob, DocumentBuilder
from ..dates import iso_date
from ..markup import add_markup, inline
from ..nodes import attribute, classes, first, ids, one_of
from . import Site
from .elements import any_of, elements
from .front import Stated, add_front, one

ENGINE = "fimfiction"
MEDIA_TYPE = "text/html"
FANDOM = "My Little Pony: Friendship is Magic"
"""What every story of the site belongs to; a page names further series, and later ones this too."""
_STORY = re.compile(r"/story/(\d{1,9})")
_CHAPTER = re.compile(r"(?:chapter|ch\.?|part)?\s*(\d{1,4})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d,]*")


def recognises(tree: LexborHTMLParser) -> bool:
    """A chapter's or a story's element, or the site's name."""
    return bool(tree.css_first(any_of(ENGINE, "page")))


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """A chapter; of a story's own page what it states, as kind "metadata".

    Raises:
        NoStory: if it is another page of the site.
    """
    story = first(tree, elements(ENGINE, "story"))
    title = inline(first(tree, elements(ENGINE, "title")))
    if not (story and inline(story)) and not (title and first(tree, elements(ENGINE, "description"))):
        raise NoStory(blob.uri, "a page of the site without a story; save a chapter's page")
    _add_front(builder, tree, title, whole=story is None)
    if story:
        _add_chapter(builder, tree, story)
    hrefs = (attribute(node, "href", "content") for node in tree.css(any_of(ENGINE, "link")))
    if number := next((found[1] for href in (blob.uri, *hrefs) if (found := _STORY.search(href))), ""):
        builder.declare("site_id", f"fimfiction:{number}", "fimfiction.address")
        builder.declare("url", f"https://www.fimfiction.net/story/{number}", "fimfiction.address")
    found_document = builder.build(blob, MEDIA_TYPE)
    yield found_document if story else replace(found_document, kind="metadata")


def _add_front(builder: DocumentBuilder, tree: LexborHTMLParser, title: str, *, whole: bool) -> None:
    """What stands above the story; `whole`: the page is the story's own, whose description is its summary."""
    author = inline(first(tree, elements(ENGINE, "author")))
    fields = (
        Stated("fandoms", "Fandom", _each(tree, "fandom") or [FANDOM]),
        Stated("characters", "Characters", _each(tree, "character")),
        one("rating", "Rating", _by_class(tree, "rating")),
        Stated("warnings", "Warnings", _each(tree, "warnings")),
        Stated("tags", "Tags", _each(tree, "tags")),
        one("published", "Published", _date(tree, "published")),
        one("updated", "Updated", _date(tree, "updated")),
        one("status", "Status", _by_class(tree, "status")),
    )
    summary = inline(first(tree, elements(ENGINE, "description"))) if whole else ""
    add_front(builder, "fimfiction", title, author, fields, summary)
    words = _NUMBER.search(inline(first(tree, elements(ENGINE, "words"))))
    if whole and words:
        builder.declare("words", int(words.group().replace(",", "")[:9]), "fimfiction.words")


def _each(tree: LexborHTMLParser, part: str) -> list[str]:
    """The names of the first selector that means any; icons have them in a title."""
    for selector in elements(ENGINE, part):
        names = dict.fromkeys(inline(node) or attribute(node, "title") for node in tree.css(selector))
        if found := [name for name in names if name]:
            return found
    return []


def _by_class(tree: LexborHTMLParser, part: str) -> str | None:
    """What a class says: "content-rating-teen"."""
    node = first(tree, elements(ENGINE, part))
    said = {name.rpartition("-")[2] for name in classes(node)} if node else set()
    return next((value for value, words in tables(ENGINE)[part].items() if said & set(words)), None)


def _date(tree: LexborHTMLParser, part: str) -> str | None:
    node = first(tree, elements(ENGINE, part))
    stamp = attribute(node, "data-time") if node else ""
    if stamp.isascii() and stamp.isdecimal() and len(stamp) < 12:
        return datetime.fromtimestamp(int(stamp), UTC).date().isoformat()
    return iso_date(inline(node)) if node else None


def _add_chapter(builder: DocumentBuilder, tree: LexborHTMLParser, story: LexborNode) -> None:
    """The heading, the story, and the notes before and behind it, beside or inside of the story's element."""
    heading = inline(first(tree, elements(ENGINE, "heading")))
    found = _CHAPTER.match(heading)
    number = int(found[1]) if found else None
    builder.add(heading, Layout.HEADING, role=Role.CHAPTER_HEADING, chapter=number, level=2, rule="fimfiction.chapter")
    notes = [(node, _is_before(tree, node, story)) for node in tree.css(any_of(ENGINE, "note"))]
    _add_notes(builder, [node for node, before in notes if before], "chapter_start", number)
    add_markup(builder, story, skip=one_of(ids(story, elements(ENGINE, "aside"))), chapter=number)
    _add_notes(builder, [node for node, before in notes if not before], "chapter_end", number)


def _add_notes(builder: DocumentBuilder, notes: list[LexborNode], position: Position, number: int | None) -> None:
    for node in notes:
        add_markup(builder, node, role=Role.NOTE, chapter=number, position=position, rule="fimfiction.note")


def _is_before(tree: LexborHTMLParser, note: LexborNode, story: LexborNode) -> bool:
    """Whether a note stands before the first paragraph that is story."""
    noted = ids(tree, [f"{selector} p" for selector in elements(ENGINE, "note")])
    told = {p.mem_id for p in story.css("p")} - noted
    order = (node.mem_id for node in tree.css(", ".join(("p", any_of(ENGINE, "note")))))
    return next((place == note.mem_id for place in order if place == note.mem_id or place in told), False)


SITE = Site("fimfiction", recognises, read)
