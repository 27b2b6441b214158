"""Saved parts of Wattpad's stories: the paragraphs that carry an id, without the counts of comments beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from ...errors import NoStory
from ...model import Document, Layout, Role
from ..blob import Blob, DocumentBuilder
from ..markup import add_markup, inline
from ..nodes import attribute, first, ids, one_of, outermost
from . import Site
from .elements import any_of, elements
from .front import Stated, add_front

ENGINE = "wattpad"
MEDIA_TYPE = "text/html"
_BY = re.compile(r"^by\s+", re.IGNORECASE)
_STORY = re.compile(r"/story/(\d{1,12})")


def recognises(tree: LexborHTMLParser) -> bool:
    """Paragraphs with the site's ids, its reading page, or its name."""
    return bool(tree.css_first(any_of(ENGINE, "page")))


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """A part of a story; most pages name the story, a pasted one only the part.

    Raises:
        NoStory: if no paragraph carries an id.
    """
    paragraphs = outermost(tree.css(any_of(ENGINE, "story")))
    if not paragraphs:
        raise NoStory(blob.uri, "a page of the site without the text of a story; save the page of a part")
    part = inline(first(tree, elements(ENGINE, "part")))
    title = inline(first(tree, elements(ENGINE, "title")))
    author = _BY.sub("", inline(first(tree, elements(ENGINE, "author"))))
    tags = list(dict.fromkeys(name for node in tree.css(any_of(ENGINE, "tags")) if (name := inline(node))))
    add_front(builder, "wattpad", title, author, [Stated("tags", "Tags", tags)])
    if part != title:
        builder.add(part, Layout.HEADING, role=Role.CHAPTER_HEADING, level=2, rule="wattpad.part")
    for paragraph in paragraphs:
        add_markup(builder, paragraph, skip=one_of(ids(paragraph, elements(ENGINE, "aside"))))
    hrefs = (attribute(node, "href", "content") for node in tree.css(any_of(ENGINE, "link")))
    if number := next((found[1] for href in (blob.uri, *hrefs) if (found := _STORY.search(href))), ""):
        builder.declare("site_id", f"wattpad:{number}", "wattpad.address")
        builder.declare("url", f"https://www.wattpad.com/story/{number}", "wattpad.address")
    yield builder.build(blob, MEDIA_TYPE)


SITE = Site("wattpad", recognises, read)
