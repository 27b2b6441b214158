"""Other boards (phpBB, vBulletin, SMF, Invision): a thread's page gives what its first writer told, not the answers.

Structure read off the default styles of the engines. Nothing marks the posts that are the story: they are the long
ones of whoever wrote the first, as in a XenForo thread without threadmarks.
"""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...errors import NoStory
from ...model import Document, Layout
from ..blob import Blob, DocumentBuilder
from ..head import declare_some
from ..markup import add_markup, inline
from ..nodes import around, first, ids, one_of, outermost
from . import Site
from .elements import any_of, elements
from .xenforo_posts import MOST, Post, told

ENGINE = "boards"
MEDIA_TYPE = "text/html"
NEAR = 8
"""Elements around a post's text within which its writer's name stands."""


def recognises(tree: LexborHTMLParser) -> bool:
    """Posts as these engines mark them up, with a writer to each."""
    return bool(tree.css_first(any_of(ENGINE, "marks"))) and bool(_posts(tree))


def read(tree: LexborHTMLParser, blob: Blob, builder: DocumentBuilder) -> Iterator[Document]:
    """The story of a thread's page.

    Raises:
        NoStory: if its first post is no beginning of one.
    """
    story = told(_posts(tree), "")
    if not story:
        raise NoStory(blob.uri, "a thread whose first post is no story; save the page on which the story begins")
    title = inline(first(tree, elements(ENGINE, "title")))
    if span := builder.add(title, Layout.HEADING, level=1):
        builder.declare("title", title, "board.title", 0.8, span)
    builder.declare("authors", story[0].author, "board.author", 0.9)
    declare_some(tree, builder, blob.uri, ("url",))
    for number, post in enumerate(story):
        if number:
            builder.add("* * *", Layout.SEPARATOR, rule="board.post")
        add_markup(builder, post.text, skip=one_of(ids(post.text, elements(ENGINE, "aside"))))
    yield builder.build(blob, MEDIA_TYPE)


def _posts(tree: LexborHTMLParser) -> list[Post]:
    """The posts of a page in order: every text that has a writer's name near it, and no other's."""
    for selector in elements(ENGINE, "text"):
        texts = outermost(tree.css(selector)[:MOST])
        if posts := [Post(text, author, None, None) for text in texts if (author := _author(text))]:
            return posts
    return []


def _author(text: LexborNode) -> str:
    for depth, outer in enumerate(around(text)):
        if depth == NEAR:
            break
        if name := inline(first(outer, elements(ENGINE, "author"))):
            return name
    return ""


SITE = Site("boards", recognises, read)
